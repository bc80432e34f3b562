#include "resilience/rate_machine.hpp"

#include "core/saturated.hpp"

#include <algorithm>

namespace cairn {
namespace {

// A call in three years.
constexpr double slowest = 1e-8;

}  // namespace

rate_machine::rate_machine(double per_second, double burst)
    : interval_(saturated(std::chrono::duration<double>(1 / std::max(slowest, per_second)))),
      tolerance_(saturated((std::max(1.0, burst) - 1) * real_duration(interval_))) {}

clock::duration rate_machine::wait(time_point now, std::size_t ahead) const {
    const real_duration until_next = std::max(next_, now) - now;
    const auto wait = until_next + static_cast<double>(ahead) * real_duration(interval_);
    return saturated(std::max(wait - tolerance_, real_duration()));
}

void rate_machine::begin(time_point at) {
    next_ = later(std::max(next_, at), interval_);
}

}  // namespace cairn
