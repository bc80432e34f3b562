#include <cairn/core/bytes.hpp>

#include <algorithm>
#include <charconv>

namespace cairn {
namespace {

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string to_hex(std::span<const std::byte> data) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(data.size() * 2);
    for (const auto b : data) {
        text += digits[std::to_integer<unsigned>(b) >> 4];
        text += digits[std::to_integer<unsigned>(b) & 15];
    }
    return text;
}

std::string to_base64(std::span<const std::byte> data) {
    static constexpr auto digits = base64_digits;
    std::string text;
    text.reserve((data.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < data.size(); i += 3) {
        const std::size_t n = data.size() - i;
        const auto at = [&](std::size_t k) {
            return k < n ? std::to_integer<unsigned>(data[i + k]) : 0U;
        };
        const unsigned group = at(0) << 16 | at(1) << 8 | at(2);
        text += digits[group >> 18 & 63];
        text += digits[group >> 12 & 63];
        text += n > 1 ? digits[group >> 6 & 63] : '=';
        text += n > 2 ? digits[group & 63] : '=';
    }
    return text;
}

std::optional<bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    const auto padding = text.size() - std::min(text.size(), text.find_last_not_of('=') + 1);
    if (padding > 2) return std::nullopt;
    text.remove_suffix(padding);
    bytes data;
    unsigned group = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const auto digit = base64_digits.find(c);
        if (digit == base64_digits.npos) return std::nullopt;
        group = group << 6 | static_cast<unsigned>(digit);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        data += static_cast<char>(group >> bits & 255);
    }
    // What is left over is no part of a byte.
    if ((group & ((1U << bits) - 1)) != 0) return std::nullopt;
    return data;
}

std::optional<std::uint64_t> parse_u64(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

}  // namespace cairn
