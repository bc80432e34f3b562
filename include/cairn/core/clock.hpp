#pragma once

#include <cairn/core/asio.hpp>

#include <chrono>
#include <functional>
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

    /// Calls a function at a point in time.
    ///
    /// Thread safety: none. A call that is under way while the alarm is moved, cancelled or
    /// destroyed still comes, so the function owns, or refers weakly to, what it touches.
    class alarm {
      public:
        virtual ~alarm() = default;
        /// One call, not before `when`, in place of any that is still to come.
        virtual void set(time_point when) = 0;
        virtual void cancel() = 0;
    };

    virtual ~clock() = default;
    /// Monotonic; for deadlines and ages.
    virtual time_point now() const noexcept = 0;
    /// The calendar; for signatures, never for measuring.
    virtual utc_time utc_now() const noexcept = 0;
    /// @param ring is called on `executor`.
    virtual std::unique_ptr<alarm> make_alarm(asio::any_io_executor executor,
                                              std::function<void()> ring) = 0;

    /// Waits on the calling coroutine's executor; not at all for what is past. Cancellation: ends
    /// the wait at once by throwing `operation_aborted`, as Asio's timers do.
    awaitable<void> sleep_until(time_point when);
};

/// The machine's clocks.
std::shared_ptr<clock> system_clock();

}  // namespace cairn
