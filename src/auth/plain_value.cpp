#include "auth/plain_value.hpp"

#include <algorithm>

namespace cairn::auth {

bool is_plain(std::string_view value) noexcept {
    return std::ranges::none_of(value, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= 0x20 || byte == 0x7f;
    });
}

}  // namespace cairn::auth
