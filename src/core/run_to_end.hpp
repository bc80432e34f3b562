#pragma once

#include <cairn/core/clock.hpp>

namespace cairn {

/// Runs `work`, on a strand of its own unless it is on one already, to its end even if the caller
/// is cancelled meanwhile; then it is cancelled, too, once it has gone on for `grace`. Rethrows any
/// exception of the work's.
///
/// For what would leave something behind that nobody knew of. Lifetime: the clock outlives it.
/// Cancellation: the caller's state tells of it afterwards; `operation_aborted` only comes from
/// work that was not done in time.
awaitable<void> run_to_end(clock& time, clock::duration grace, awaitable<void> work);

}  // namespace cairn
