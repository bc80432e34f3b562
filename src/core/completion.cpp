#include "core/completion.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn {

// What the coroutine really waits on: a timer without an end belongs to its io_context, which
// destroys the coroutine with itself, and can be cancelled without being resumed at once.
class completion::alarm {
  public:
    alarm(completion& of, const asio::any_io_executor& executor)
        : of_(of), timer_(executor, asio::steady_timer::time_point::max()) {}
    alarm(const alarm&) = delete;
    alarm& operator=(const alarm&) = delete;
    ~alarm() {
        const std::lock_guard lock(of_.mutex_);
        of_.alarm_ = nullptr;
    }

    awaitable<void> rung(std::function<void()> when_canceled) {
        auto initiate = [this, when_canceled = std::move(when_canceled)](auto handler) {
            auto slot = asio::get_associated_cancellation_slot(handler);
            if (slot.is_connected())
                slot.assign([when_canceled](asio::cancellation_type) { when_canceled(); });
            const std::lock_guard lock(of_.mutex_);
            of_.alarm_ = this;
            if (of_.state_ != state::pending) timer_.expires_after(asio::steady_timer::duration());
            timer_.async_wait(
                asio::bind_cancellation_slot(asio::cancellation_slot(), std::move(handler)));
        };
        const auto token = asio::as_tuple(asio::use_awaitable);
        co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(
            std::move(initiate), token);
    }
    void ring() { timer_.cancel(); }

  private:
    completion& of_;
    asio::steady_timer timer_;
};

bool completion::end(state how) {
    const std::lock_guard lock(mutex_);
    if (state_ != state::pending) return false;
    state_ = how;
    if (alarm_) alarm_->ring();
    return true;
}

bool completion::complete() {
    return end(state::completed);
}

awaitable<bool> completion::wait() {
    const auto self = shared_from_this();
    std::function<void()> give_up = [self] { self->end(state::canceled); };
    co_await wait(std::move(give_up));
    const std::lock_guard lock(mutex_);
    co_return state_ == state::completed;
}

awaitable<void> completion::wait(std::function<void()> when_canceled) {
    const auto self = shared_from_this();
    alarm bell(*this, co_await asio::this_coro::executor);
    co_await bell.rung(std::move(when_canceled));
}

}  // namespace cairn
