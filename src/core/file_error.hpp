#pragma once

#include <cairn/core/error.hpp>

#include <filesystem>
#include <string_view>

namespace cairn {

/// The system's last error on this thread (`errno`).
error_code last_system_error() noexcept;

/// What is wrong with a file or a folder: `body_failed`, the system's code, and what to do where
/// that is clear.
/// @param what the sentence's rest after the path: "can't be read".
/// @param cause the system's code; empty where it had no part in it.
error file_error(const std::filesystem::path& path, std::string_view what,
                 error_code cause = last_system_error());

}  // namespace cairn
