#pragma once

#include <string_view>

namespace cairn::auth {

/// Whether `value` is free of blanks, line breaks and other control characters, which come in with
/// a careless paste or a file's last line and can't be part of a key, a region or a URL.
bool is_plain(std::string_view value) noexcept;

inline constexpr std::string_view not_plain =
    " has a blank, a line break or another control character";

}  // namespace cairn::auth
