#pragma once

#include <cstdint>
#include <string_view>

namespace cairn::test {

/// FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv
constexpr std::uint64_t checksum(std::string_view text) {
    std::uint64_t sum = 0xcbf29ce484222325;
    for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return sum;
}

}  // namespace cairn::test
