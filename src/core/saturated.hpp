#pragma once

#include <cairn/core/clock.hpp>

namespace cairn {

/// `from + by`, or `time_point::max()`, at which no alarm rings, when that doesn't fit.
///
/// Precondition: `by` is not less than zero, or `from` not before the clock's epoch.
clock::time_point later(clock::time_point from, clock::duration by) noexcept;

/// For what is scaled.
using real_duration = std::chrono::duration<double, clock::duration::period>;

/// So long, or `duration::max()` when that doesn't fit.
///
/// Precondition: not less than zero.
clock::duration saturated(real_duration length) noexcept;

}  // namespace cairn
