#include "core/run_until.hpp"

#include "core/cancellation.hpp"
#include "core/strand.hpp"
#include "core/task.hpp"

#include <boost/asio/this_coro.hpp>

#include <atomic>

namespace cairn {
namespace {

struct limited_task : task {
    using task::task;
    std::atomic<bool> expired = false;
};

}  // namespace

awaitable<bool> run_until(clock& time, clock::time_point when, awaitable<void> work) {
    if (when <= time.now()) co_return true;
    const auto executor = on_a_strand(co_await asio::this_coro::executor);
    const auto limited = std::make_shared<limited_task>(executor, std::move(work));
    const auto bell = time.make_alarm(off_strands(executor), [limited] {
        limited->expired = true;
        limited->cancel();
    });
    bell->set(when);
    try {
        co_await limited->run();
    } catch (const boost::system::system_error& e) {
        if (!is_cancellation(e)) throw;
    }
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    co_return limited->expired;
}

}  // namespace cairn
