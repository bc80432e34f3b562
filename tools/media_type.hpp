#pragma once

#include <filesystem>
#include <string_view>

namespace cairn::tool {

/// The media type that a file's name tells of, "text/html" for "a/index.HTML"; empty if it tells
/// none.
std::string_view media_type_of(const std::filesystem::path& file);

}  // namespace cairn::tool
