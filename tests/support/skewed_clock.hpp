#pragma once

#include <cairn/core/clock.hpp>

namespace cairn::test {

/// Another clock, whose calendar is set wrong.
class skewed_clock final : public clock {
  public:
    skewed_clock(std::shared_ptr<clock> right, duration ahead)
        : right_(std::move(right)), ahead_(ahead) {}
    time_point now() const noexcept override { return right_->now(); }
    utc_time utc_now() const noexcept override { return right_->utc_now() + ahead_; }
    std::unique_ptr<alarm> make_alarm(asio::any_io_executor executor,
                                      std::function<void()> ring) override {
        return right_->make_alarm(std::move(executor), std::move(ring));
    }

  private:
    std::shared_ptr<clock> right_;
    duration ahead_;
};

}  // namespace cairn::test
