#pragma once

#include <cairn/core/error.hpp>

#include <cstdint>
#include <string_view>

namespace cairn::wire {

/// What fails a request whose body is not as long as it said.
/// @param how "longer" or "shorter".
error body_length_error(std::uint64_t declared, std::uint64_t seen, std::string_view how);

}  // namespace cairn::wire
