#include "core/task_group.hpp"

#include "core/cancellation.hpp"
#include "core/completion.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

namespace cairn {

// Touched on its executor only, once it has been started.
struct task_group::task {
    enum class stage { waiting, running, cancelled, over };

    class run {
      public:
        explicit run(task& of) : of_(of) { of_.now = stage::running; }
        run(const run&) = delete;
        run& operator=(const run&) = delete;
        ~run() { of_.now = stage::over; }

      private:
        task& of_;
    };

    task(asio::any_io_executor ex, awaitable<void> w)
        : executor(std::move(ex)), work(std::move(w)) {}

    // Asio 1.26 throws a cancellation that comes before a coroutine's first step or after its last
    // one out of io_context::run (co_spawn awaits twice outside its own try block).
    void cancel() {
        if (now == stage::running)
            signal.emit(asio::cancellation_type::terminal);
        else if (now == stage::waiting)
            now = stage::cancelled;
    }

    asio::any_io_executor executor;
    awaitable<void> work;
    asio::cancellation_signal signal;
    stage now = stage::waiting;
};

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
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
    if (failed_) std::rethrow_exception(failed_);
}

void task_group::start() {
    for (const auto& t : tasks_)
        asio::co_spawn(
            t->executor, body(t),
            asio::bind_cancellation_slot(
                t->signal.slot(),
                [self = shared_from_this()](std::exception_ptr thrown) { self->ended(thrown); }));
    release();
}

awaitable<void> task_group::body(std::shared_ptr<task> t) {
    if (t->now == task::stage::cancelled) co_return;
    const task::run running(*t);
    co_await std::move(t->work);
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
    // Not dispatched: the caller may be one of them.
    for (const auto& t : tasks_) asio::post(t->executor, [t] { t->cancel(); });
}

}  // namespace cairn
