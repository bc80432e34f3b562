#include "core/seconds.hpp"

#include <cstdio>

namespace cairn {

std::string in_seconds(clock::duration d) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g s", std::chrono::duration<double>(d).count());
    return text;
}

}  // namespace cairn
