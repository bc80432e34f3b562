#pragma once

#include <cairn/core/clock.hpp>

#include <map>
#include <memory>
#include <mutex>

namespace cairn {
class completion;
}

namespace cairn::test {

/// Time that stands still until a test moves it.
class virtual_clock final : public clock {
  public:
    time_point now() const noexcept override;
    /// 2026-01-01T00:00:00Z when the clock is new.
    utc_time utc_now() const noexcept override;
    awaitable<void> sleep_until(time_point when) override;

    /// Moves time on and wakes who has slept long enough.
    void advance(duration by);
    /// Moves time to the next sleeper's end and wakes it. False when nobody sleeps.
    bool advance_to_next();

  private:
    void wake_until(time_point when);

    mutable std::mutex mutex_;
    time_point now_{std::chrono::hours(1)};
    std::multimap<time_point, std::shared_ptr<completion>> sleepers_;
};

}  // namespace cairn::test
