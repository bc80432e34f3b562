#include "core/saturated.hpp"

#include <cairn/testing/virtual_clock.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>

namespace cairn::testing {

using namespace std::chrono_literals;

class virtual_clock::scheduled final : public alarm {
  public:
    scheduled(virtual_clock& of, asio::any_io_executor executor, std::function<void()> ring)
        : of_(of), executor_(std::move(executor)), ring_(std::move(ring)) {}
    ~scheduled() override { scheduled::cancel(); }

    void set(time_point when) override {
        const std::lock_guard lock(of_.mutex_);
        remove();
        if (when <= of_.now_) return ring();
        if (when == time_point::max()) return;
        of_.set_.emplace(when, this);
    }
    void cancel() override {
        const std::lock_guard lock(of_.mutex_);
        remove();
    }
    void ring() const { asio::post(executor_, ring_); }

  private:
    void remove() {
        std::erase_if(of_.set_, [&](const auto& entry) { return entry.second == this; });
    }

    virtual_clock& of_;
    asio::any_io_executor executor_;
    std::function<void()> ring_;
};

clock::time_point virtual_clock::now() const noexcept {
    const std::lock_guard lock(mutex_);
    return now_;
}

clock::utc_time virtual_clock::utc_now() const noexcept {
    constexpr utc_time start(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1));
    return start + (now() - time_point(1h));
}

std::unique_ptr<clock::alarm> virtual_clock::make_alarm(asio::any_io_executor executor,
                                                        std::function<void()> ring) {
    return std::make_unique<scheduled>(*this, std::move(executor), std::move(ring));
}

void virtual_clock::advance(duration by) {
    ring_until(later(now(), by));
}

bool virtual_clock::advance_to_next() {
    time_point next;
    {
        const std::lock_guard lock(mutex_);
        if (set_.empty()) return false;
        next = set_.begin()->first;
    }
    ring_until(std::max(next, now()));
    return true;
}

void virtual_clock::ring_until(time_point when) {
    const std::lock_guard lock(mutex_);
    now_ = when;
    while (!set_.empty() && set_.begin()->first <= now_) {
        set_.begin()->second->ring();
        set_.erase(set_.begin());
    }
}

}  // namespace cairn::testing
