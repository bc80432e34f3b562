#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cairn {

/// Bytes that cairn owns. Text goes in and out of it unchanged.
using bytes = std::string;

inline std::span<const std::byte> as_bytes(std::string_view text) noexcept {
    return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string_view as_text(std::span<const std::byte> data) noexcept {
    return {reinterpret_cast<const char*>(data.data()), data.size()};
}

/// Lower-case hexadecimal.
std::string to_hex(std::span<const std::byte> data);

/// RFC 4648 base64 with padding.
std::string to_base64(std::span<const std::byte> data);
/// What `text` stands for; nothing when it is no such base64.
std::optional<bytes> from_base64(std::string_view text);

/// The unsigned decimal number that `text` is, whole; nothing when it is anything else or
/// overflows.
std::optional<std::uint64_t> parse_u64(std::string_view text) noexcept;

}  // namespace cairn
