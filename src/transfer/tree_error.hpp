#pragma once

#include <cairn/core/error.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace cairn::transfer {

/// What is wrong with a file or a folder of a tree; nothing was changed.
inline error tree_error(const std::filesystem::path& path, std::string_view what,
                        error_code cause = {}) {
    error e(errc::body_failed, path.string() + " " + std::string(what));
    return e.cause(cause).effect(effect::not_applied);
}

}  // namespace cairn::transfer
