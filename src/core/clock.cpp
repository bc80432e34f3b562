#include <cairn/core/clock.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn {
namespace {

class machine_clock final : public clock {
  public:
    time_point now() const noexcept override { return std::chrono::steady_clock::now(); }
    utc_time utc_now() const noexcept override { return std::chrono::system_clock::now(); }

    awaitable<void> sleep_until(time_point when) override {
        asio::steady_timer timer(co_await asio::this_coro::executor, when);
        co_await timer.async_wait(asio::use_awaitable);
    }
};

}  // namespace

std::shared_ptr<clock> system_clock() {
    return std::make_shared<machine_clock>();
}

}  // namespace cairn
