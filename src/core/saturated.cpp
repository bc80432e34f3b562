#include "core/saturated.hpp"

namespace cairn {

clock::time_point later(clock::time_point from, clock::duration by) noexcept {
    constexpr auto last = clock::time_point::max();
    const bool fits = from < clock::time_point() || by <= last - from;
    return fits ? from + by : last;
}

clock::duration saturated(real_duration length) noexcept {
    constexpr auto longest = clock::duration::max();
    const bool fits = length < real_duration(longest);
    return fits ? std::chrono::duration_cast<clock::duration>(length) : longest;
}

}  // namespace cairn
