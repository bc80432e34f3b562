#include "core/task.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn {

class task::running {
  public:
    explicit running(task& of) : of_(of) { of_.now_ = stage::running; }
    running(const running&) = delete;
    running& operator=(const running&) = delete;
    ~running() { of_.now_ = stage::over; }

  private:
    task& of_;
};

task::task(asio::any_io_executor executor, awaitable<void> work)
    : executor_(std::move(executor)), work_(std::move(work)) {}

awaitable<void> task::body(std::shared_ptr<task> self) {
    if (self->now_ == stage::cancelled) co_return;
    const running now(*self);
    co_await std::move(self->work_);
}

awaitable<void> task::run() {
    return run([self = shared_from_this()] { self->cancel(); });
}

awaitable<void> task::run(std::function<void()> when_cancelled) {
    auto initiate = [self = shared_from_this(), when_cancelled](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected())
            slot.assign([when_cancelled](asio::cancellation_type) { when_cancelled(); });
        self->start(std::move(handler));
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
        std::move(initiate), asio::use_awaitable);
}

void task::cancel() {
    // Not dispatched: the caller may be the work itself.
    asio::post(executor_, [self = shared_from_this()] { self->cancel_now(); });
}

// Asio 1.26 throws a cancellation that comes before a coroutine's first step or after its last one
// out of io_context::run (co_spawn awaits twice outside its own try block).
void task::cancel_now() {
    if (now_ == stage::running)
        signal_.emit(asio::cancellation_type::terminal);
    else if (now_ == stage::waiting)
        now_ = stage::cancelled;
}

}  // namespace cairn
