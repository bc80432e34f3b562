#include "core/run_to_end.hpp"

#include "core/cancellation.hpp"
#include "support/io.hpp"

#include <boost/asio/this_coro.hpp>

namespace cairn {
namespace {

using namespace std::chrono_literals;

class run_to_end_test : public test::io {
  protected:
    awaitable<void> sleep(clock::duration d) { return time->sleep_until(time->now() + d); }
    awaitable<void> unhurried(clock::duration grace, awaitable<void> work) {
        return cairn::run_to_end(*time, grace, std::move(work));
    }
};

TEST_F(run_to_end_test, work_ends_by_itself) {
    const auto from = time->now();
    run(unhurried(1s, sleep(1h)));
    EXPECT_EQ(time->now() - from, 1h);
    EXPECT_FALSE(time->advance_to_next()) << "its alarm has gone";
}

TEST_F(run_to_end_test, exceptions_come_through) {
    const auto fails = []() -> awaitable<void> {
        throw std::runtime_error("no");
        co_return;
    };
    EXPECT_THROW(run(unhurried(1s, fails())), std::runtime_error);
}

TEST_F(run_to_end_test, cancelled_anywhere_it_has_its_work_done_and_tells_its_caller) {
    int begun = 0;
    int done = 0;
    bool told = false;
    const auto work = [&]() -> awaitable<void> {
        ++begun;
        co_await sleep(1s);
        co_await sleep(1s);
        ++done;
    };
    const auto whole = [&]() -> awaitable<void> {
        told = false;
        co_await unhurried(1h, work());
        told = is_cancelled(co_await asio::this_coro::cancellation_state);
    };
    int cancelled = 0;
    const int runs = cancel_everywhere(whole, [&](int n) {
        EXPECT_EQ(done, begun) << "after " << n;
        cancelled += told;
    });
    EXPECT_GT(runs, 3);
    EXPECT_GT(cancelled, 1);
}

TEST_F(run_to_end_test, cancelled_its_work_has_no_more_time_than_that) {
    bool under_way = false;
    const auto work = [&]() -> awaitable<void> {
        const std::shared_ptr<void> end(&under_way,
                                        [](void* flag) { *static_cast<bool*>(flag) = false; });
        under_way = true;
        co_await sleep(1h);
    };
    const auto from = time->now();
    const auto whole = [&]() -> awaitable<void> { co_await unhurried(2s, work()); };
    cancel_everywhere(whole, [&](int n) { EXPECT_FALSE(under_way) << "after " << n; });
    EXPECT_GE(time->now() - from, 1h);
}

}  // namespace
}  // namespace cairn
