#pragma once

#include <cairn/core/clock.hpp>

#include <map>
#include <memory>
#include <mutex>

namespace cairn::testing {

/// Time that stands still until a test moves it.
///
/// Lifetime: outlives its alarms.
class virtual_clock final : public clock {
  public:
    time_point now() const noexcept override;
    /// 2026-01-01T00:00:00Z when the clock is new.
    utc_time utc_now() const noexcept override;
    std::unique_ptr<alarm> make_alarm(asio::any_io_executor executor,
                                      std::function<void()> ring) override;

    /// Moves time on and rings what is due, in the order of its times.
    void advance(duration by);
    /// Moves time to the next alarm and rings it. False when none is set.
    bool advance_to_next();

  private:
    class scheduled;

    void ring_until(time_point when);

    mutable std::mutex mutex_;
    time_point now_{std::chrono::hours(1)};
    std::multimap<time_point, scheduled*> set_;
};

}  // namespace cairn::testing
