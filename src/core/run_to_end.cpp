#include "core/run_to_end.hpp"

#include "core/saturated.hpp"
#include "core/strand.hpp"
#include "core/task.hpp"

#include <boost/asio/this_coro.hpp>

#include <functional>

namespace cairn {

awaitable<void> run_to_end(clock& time, clock::duration grace, awaitable<void> work) {
    const auto executor = on_a_strand(co_await asio::this_coro::executor);
    const auto alone = std::make_shared<task>(executor, std::move(work));
    const auto bell = time.make_alarm(off_strands(executor), [alone] { alone->cancel(); });
    std::function<void()> when_cancelled = [&] { bell->set(later(time.now(), grace)); };
    co_await alone->run(std::move(when_cancelled));
}

}  // namespace cairn
