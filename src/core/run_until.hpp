#pragma once

#include <cairn/core/clock.hpp>

namespace cairn {

/// Runs `work`, on a strand of its own unless it is on one already, and cancels it at `when`.
/// Gives whether it was; rethrows any exception of the work's but that. Work whose time is up from
/// the start is not begun.
///
/// Lifetime: the clock outlives it. Cancellation: cancels the work and waits for its end, then
/// throws `operation_aborted`.
awaitable<bool> run_until(clock& time, clock::time_point when, awaitable<void> work);

}  // namespace cairn
