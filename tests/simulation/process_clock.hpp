#pragma once

#include <cairn/core/clock.hpp>

#include <boost/asio/post.hpp>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace cairn::test {

/// The clock of a process that may be made to stand still, as one that is stopped or swapped out:
/// time goes on without it, and the alarms that ring meanwhile come when it goes on.
///
/// Thread safety: none.
class process_clock final : public clock {
  public:
    explicit process_clock(std::shared_ptr<clock> of) : of_(std::move(of)) {}

    time_point now() const noexcept override { return of_->now(); }
    utc_time utc_now() const noexcept override { return of_->utc_now(); }
    std::unique_ptr<alarm> make_alarm(asio::any_io_executor executor,
                                      std::function<void()> ring) override {
        return of_->make_alarm(executor, [held = held_, executor, ring = std::move(ring)] {
            if (held->still)
                held->rings.emplace_back(executor, ring);
            else
                ring();
        });
    }

    void stand_still() { held_->still = true; }
    void go_on() {
        held_->still = false;
        for (auto& [executor, ring] : std::exchange(held_->rings, {}))
            asio::post(executor, std::move(ring));
    }

  private:
    struct held_back {
        bool still = false;
        std::vector<std::pair<asio::any_io_executor, std::function<void()>>> rings;
    };

    const std::shared_ptr<clock> of_;
    const std::shared_ptr<held_back> held_ = std::make_shared<held_back>();
};

}  // namespace cairn::test
