#pragma once

#include <cairn/core/asio.hpp>

#include <chrono>
#include <memory>

namespace cairn {

/// Where cairn takes its time from; injected, so that a program's whole S3 use can run on virtual
/// time.
///
/// Implementations are safe to call from several threads.
class clock {
  public:
    using duration = std::chrono::nanoseconds;
    using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;
    using utc_time = std::chrono::time_point<std::chrono::system_clock, duration>;

    virtual ~clock() = default;
    /// Monotonic; for deadlines and ages.
    virtual time_point now() const noexcept = 0;
    /// The calendar; for signatures, never for measuring.
    virtual utc_time utc_now() const noexcept = 0;
    /// Waits on the calling coroutine's executor. Cancellation: ends the wait at once by throwing
    /// `operation_aborted`, as Asio's timers do.
    virtual awaitable<void> sleep_until(time_point when) = 0;
};

/// The machine's clocks.
std::shared_ptr<clock> system_clock();

}  // namespace cairn
