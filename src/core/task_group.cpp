#include "core/task_group.hpp"

#include "core/cancellation.hpp"
#include "core/completion.hpp"
#include "core/task.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

namespace cairn {

task_group::task_group() : all_ended_(std::make_shared<completion>()) {}
task_group::~task_group() = default;

void task_group::add(asio::any_io_executor executor, awaitable<void> work) {
    tasks_.push_back(std::make_shared<task>(std::move(executor), std::move(work)));
}

awaitable<void> task_group::run() {
    const auto self = shared_from_this();
    running_ = tasks_.size() + 1;
    // Once this coroutine waits, so that a task may cancel it.
    const auto executor = co_await asio::this_coro::executor;
    asio::post(executor, [self] { self->start(); });
    std::function<void()> cancel_all = [self] { self->cancel(); };
    co_await all_ended_->wait(std::move(cancel_all));
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    if (failed_) std::rethrow_exception(failed_);
}

void task_group::start() {
    for (const auto& t : tasks_)
        t->start([self = shared_from_this()](std::exception_ptr thrown) { self->ended(thrown); });
    release();
}

void task_group::ended(const std::exception_ptr& failed) {
    if (failed && !is_cancellation(failed)) {
        {
            const std::lock_guard lock(mutex_);
            if (!failed_) failed_ = failed;
        }
        cancel();
    }
    release();
}

void task_group::release() {
    {
        const std::lock_guard lock(mutex_);
        if (--running_ > 0) return;
    }
    all_ended_->complete();
}

void task_group::cancel() {
    for (const auto& t : tasks_) t->cancel();
}

}  // namespace cairn
