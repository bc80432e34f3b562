#include "core/completion.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn {

struct completion::resumption {
    virtual ~resumption() = default;
    virtual void resume(bool completed) = 0;
};

// Holds the waiting coroutine's handler, and its executor's work for as long as it waits.
template <class Handler>
struct completion::resumption_of final : resumption {
    explicit resumption_of(Handler h)
        : executor(asio::prefer(asio::get_associated_executor(h),
                                asio::execution::outstanding_work.tracked)),
          handler(std::move(h)) {}

    void resume(bool completed) override {
        asio::post(executor,
                   [h = std::move(handler), completed]() mutable { std::move(h)(completed); });
    }

    std::decay_t<decltype(asio::prefer(asio::get_associated_executor(std::declval<Handler&>()),
                                       asio::execution::outstanding_work.tracked))>
        executor;
    Handler handler;
};

completion::completion() = default;
completion::~completion() = default;

bool completion::end(state how) {
    std::unique_ptr<resumption> waiter;
    {
        const std::lock_guard lock(mutex_);
        if (state_ != state::pending) return false;
        state_ = how;
        waiter = std::move(waiter_);
    }
    if (waiter) waiter->resume(how == state::completed);
    return true;
}

bool completion::complete() {
    return end(state::completed);
}

awaitable<bool> completion::wait() {
    auto initiate = [this](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto waiter = std::make_unique<resumption_of<decltype(handler)>>(std::move(handler));
        {
            const std::lock_guard lock(mutex_);
            if (state_ == state::pending) {
                waiter_ = std::move(waiter);
                if (slot.is_connected())
                    slot.assign([self = shared_from_this()](asio::cancellation_type) {
                        self->end(state::canceled);
                    });
                return;
            }
        }
        waiter->resume(state_ == state::completed);
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(bool)>(std::move(initiate),
                                                                           asio::use_awaitable);
}

}  // namespace cairn
