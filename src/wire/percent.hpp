#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cairn::wire {

/// Whether SigV4 leaves `c` as it is: RFC 3986's unreserved characters.
bool is_unreserved(char c) noexcept;

/// Appends `%` and two upper-case hexadecimal digits.
void append_escape(std::string& out, char c);

/// The character that the escape `text` starts with stands for; nothing when it starts with none.
std::optional<char> leading_escape(std::string_view text) noexcept;

}  // namespace cairn::wire
