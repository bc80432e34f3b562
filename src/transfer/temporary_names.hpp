#pragma once

#include <array>
#include <string_view>

/// What a download puts at the end of its file's name, for the files that it writes until that one
/// is whole. They are cairn's own, and `path_beneath` refuses names with such segments: no download
/// of a tree can write to another one's files.
namespace cairn::transfer {

inline constexpr std::string_view part_suffix = ".cairn-part";
inline constexpr std::string_view journal_suffix = ".cairn-part.json";
inline constexpr std::array temporary_suffixes{part_suffix, journal_suffix};

}  // namespace cairn::transfer
