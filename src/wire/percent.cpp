#include "wire/percent.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/wire/http.hpp>

#include <array>

namespace cairn::wire {
namespace {

constexpr auto unreserved = [] {
    std::array<bool, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const char c = static_cast<char>(i);
        table[i] = ascii::is_alpha(c) || ascii::is_digit(c) ||
                   std::string_view("-._~").find(c) != std::string_view::npos;
    }
    return table;
}();

constexpr int hex_value(char c) noexcept {
    if (ascii::is_digit(c)) return c - '0';
    const char low = ascii::to_lower(c);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

}  // namespace

bool is_unreserved(char c) noexcept {
    return unreserved[static_cast<unsigned char>(c)];
}

void append_escape(std::string& out, char c) {
    static constexpr char digits[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    const char escape[] = {'%', digits[byte >> 4], digits[byte & 15]};
    out.append(escape, sizeof escape);
}

std::optional<char> leading_escape(std::string_view text) noexcept {
    if (text.size() < 3 || text[0] != '%') return std::nullopt;
    const int high = hex_value(text[1]);
    const int low = hex_value(text[2]);
    if (high < 0 || low < 0) return std::nullopt;
    return static_cast<char>(high << 4 | low);
}

void append_percent_encoded(std::string& out, std::string_view text, bool keep_slash) {
    const auto kept = [keep_slash](char c) { return is_unreserved(c) || (keep_slash && c == '/'); };
    out.reserve(out.size() + text.size());
    std::size_t run = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (kept(text[i])) continue;
        out.append(text, run, i - run);
        append_escape(out, text[i]);
        run = i + 1;
    }
    out.append(text, run);
}

std::string percent_encode(std::string_view text, bool keep_slash) {
    std::string out;
    append_percent_encoded(out, text, keep_slash);
    return out;
}

std::string percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto escaped = leading_escape(text);
        out += escaped.value_or(text.front());
        text.remove_prefix(escaped ? 3 : 1);
    }
    return out;
}

}  // namespace cairn::wire
