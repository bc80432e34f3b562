#pragma once

#include <cairn/core/error.hpp>

#include <optional>
#include <string_view>

namespace cairn::s3 {

/// What an error code of S3, or of a server like it, means; nothing if it is unknown.
std::optional<errc> known_meaning(std::string_view s3_code) noexcept;

/// What to do about an error code; empty if there is nothing better to say than the code itself.
std::string_view hint_for_code(std::string_view s3_code) noexcept;

}  // namespace cairn::s3
