#include <cairn/core/ascii.hpp>

namespace cairn::ascii {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = to_lower(c);
    return out;
}

}  // namespace cairn::ascii
