#include "core/completion.hpp"

#include <cairn/core/clock.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

namespace cairn {
namespace {

class timer_alarm final : public clock::alarm {
  public:
    timer_alarm(const asio::any_io_executor& executor, std::function<void()> ring)
        : timer_(executor), ring_(std::make_shared<const std::function<void()>>(std::move(ring))) {}

    void set(clock::time_point when) override {
        timer_.expires_at(when);
        timer_.async_wait([ring = ring_](boost::system::error_code cancelled) {
            if (!cancelled) (*ring)();
        });
    }
    void cancel() override { timer_.cancel(); }

  private:
    asio::steady_timer timer_;
    std::shared_ptr<const std::function<void()>> ring_;
};

class machine_clock final : public clock {
  public:
    time_point now() const noexcept override { return std::chrono::steady_clock::now(); }
    utc_time utc_now() const noexcept override { return std::chrono::system_clock::now(); }

    std::unique_ptr<alarm> make_alarm(asio::any_io_executor executor,
                                      std::function<void()> ring) override {
        return std::make_unique<timer_alarm>(executor, std::move(ring));
    }
};

}  // namespace

awaitable<void> clock::sleep_until(time_point when) {
    if (when <= now()) co_return;
    const auto over = std::make_shared<completion>();
    const auto executor = co_await asio::this_coro::executor;
    const auto bell = make_alarm(executor, [over] { over->complete(); });
    bell->set(when);
    const bool slept = co_await over->wait();
    // It may have come as the sleeper was already on its way up.
    const auto state = co_await asio::this_coro::cancellation_state;
    if (!slept || state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
}

std::shared_ptr<clock> system_clock() {
    return std::make_shared<machine_clock>();
}

}  // namespace cairn
