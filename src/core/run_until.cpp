#include "core/run_until.hpp"

#include "core/strand.hpp"
#include "core/task_group.hpp"

#include <boost/asio/this_coro.hpp>

#include <atomic>

namespace cairn {

awaitable<bool> run_until(clock& time, clock::time_point when, awaitable<void> work) {
    const auto executor = on_a_strand(co_await asio::this_coro::executor);
    const auto group = std::make_shared<task_group>();
    const auto expired = std::make_shared<std::atomic<bool>>(false);
    group->add(executor, std::move(work));
    const auto bell = time.make_alarm(off_strands(executor), [group, expired] {
        *expired = true;
        group->cancel();
    });
    bell->set(when);
    co_await group->run();
    co_return *expired;
}

}  // namespace cairn
