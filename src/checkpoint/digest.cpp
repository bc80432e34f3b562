#include "checkpoint/digest.hpp"

#include <charconv>

namespace cairn::checkpoint {

bytes from_hex(std::string_view text) {
    bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        unsigned value = 0;
        std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
        out += static_cast<char>(value);
    }
    return out;
}

}  // namespace cairn::checkpoint
