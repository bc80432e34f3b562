#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cairn::wire {

/// The digest of `data`, raw, by the algorithm that OpenSSL knows by that name ("MD5", "SHA1",
/// ...); nothing if it offers none, as FIPS builds do for MD5.
std::optional<std::string> digest(std::string_view algorithm, std::string_view data);

}  // namespace cairn::wire
