#include "support/virtual_clock.hpp"

#include "core/completion.hpp"

#include <boost/system/system_error.hpp>

namespace cairn::test {

using namespace std::chrono_literals;

clock::time_point virtual_clock::now() const noexcept {
    const std::lock_guard lock(mutex_);
    return now_;
}

clock::utc_time virtual_clock::utc_now() const noexcept {
    constexpr utc_time start(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1));
    return start + (now() - time_point(1h));
}

awaitable<void> virtual_clock::sleep_until(time_point when) {
    const auto sleeper = std::make_shared<completion>();
    {
        const std::lock_guard lock(mutex_);
        if (when <= now_) co_return;
        sleepers_.emplace(when, sleeper);
    }
    const bool woken = co_await sleeper->wait();
    if (woken) co_return;
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(sleepers_, [&](const auto& entry) { return entry.second == sleeper; });
    }
    throw boost::system::system_error(asio::error::operation_aborted);
}

void virtual_clock::advance(duration by) {
    wake_until(now() + by);
}

bool virtual_clock::advance_to_next() {
    time_point next;
    {
        const std::lock_guard lock(mutex_);
        if (sleepers_.empty()) return false;
        next = sleepers_.begin()->first;
    }
    wake_until(std::max(next, now()));
    return true;
}

void virtual_clock::wake_until(time_point when) {
    const std::lock_guard lock(mutex_);
    now_ = when;
    while (!sleepers_.empty() && sleepers_.begin()->first <= now_) {
        sleepers_.begin()->second->complete();
        sleepers_.erase(sleepers_.begin());
    }
}

}  // namespace cairn::test
