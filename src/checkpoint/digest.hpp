#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/wire/signing.hpp>

#include <string>
#include <string_view>

namespace cairn::checkpoint {

/// The length of what `sha256` gives.
inline constexpr std::size_t digest_hex_digits = 64;

/// Lower-case hexadecimal SHA-256.
inline std::string sha256(std::string_view data) {
    return wire::sha256_hex(data);
}

/// The bytes that hexadecimal `text` of even length stands for.
bytes from_hex(std::string_view text);

}  // namespace cairn::checkpoint
