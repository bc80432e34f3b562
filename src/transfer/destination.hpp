#pragma once

#include <cairn/core/result.hpp>

#include <filesystem>

namespace cairn::transfer {

/// The file that a download to `to` makes or replaces: `to`, or what it links to, be it there or
/// not. Fails with `body_failed` where that can't be a regular file.
/// @param replace what is there; else that is `precondition_failed`.
result<std::filesystem::path> destination_of(std::filesystem::path to, bool replace);

}  // namespace cairn::transfer
