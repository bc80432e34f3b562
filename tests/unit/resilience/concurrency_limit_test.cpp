#include "calls.hpp"

#include <cairn/resilience/concurrency_limit.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <vector>

namespace cairn {
namespace {

using namespace std::chrono_literals;

class concurrency_limit_test : public test::io {
  protected:
    // A call that takes a second, and tells when it began.
    auto call(int id) {
        return [this, id]() -> awaitable<result<int>> {
            begun.push_back(id);
            co_await time->sleep_until(time->now() + 1s);
            co_return id;
        };
    }
    template <class Call>
    void start(const concurrency_limit& limit, Call& call) {
        asio::co_spawn(context, limit(call), [this](std::exception_ptr, result<int> r) {
            ends.push_back(r ? error_code() : r.error().code());
        });
    }

    std::vector<int> begun;
    std::vector<error_code> ends;
};

TEST_F(concurrency_limit_test, RunsAFewAtOnceAndTheRestInTheirOrder) {
    const concurrency_limit limit(2, 10);
    std::vector<std::function<awaitable<result<int>>()>> calls;
    for (int i = 0; i < 5; ++i) calls.push_back(call(i));
    for (auto& c : calls) start(limit, c);
    context.poll();
    EXPECT_EQ(begun, (std::vector{0, 1}));
    EXPECT_EQ(limit.running(), 2U);
    EXPECT_EQ(limit.waiting(), 3U);
    settle();
    EXPECT_EQ(begun, (std::vector{0, 1, 2, 3, 4}));
    EXPECT_EQ(limit.running(), 0U);
}

TEST_F(concurrency_limit_test, TurnsAwayWhatTheQueueCantHold) {
    const concurrency_limit limit(1, 1);
    auto one = call(1);
    auto two = call(2);
    auto three = call(3);
    start(limit, one);
    start(limit, two);
    context.poll();
    const auto refused = run(limit(three));
    EXPECT_EQ(refused.error().code(), errc::concurrency_limited);
    EXPECT_EQ(refused.error().effect(), effect::not_applied);
    settle();
    EXPECT_EQ(begun, (std::vector{1, 2}));
    EXPECT_EQ(limit.running(), 0U);
}

TEST_F(concurrency_limit_test, NoneAtOnceCountsAsOne) {
    const concurrency_limit limit(0, 0);
    const auto held = limit.try_acquire();
    EXPECT_TRUE(held);
    EXPECT_FALSE(limit.try_acquire());
    auto two = call(2);
    EXPECT_EQ(run(limit(two)).error().code(), errc::concurrency_limited);
}

TEST_F(concurrency_limit_test, ANewcomerDoesNotOvertakeTheQueue) {
    const concurrency_limit limit(1, 1);
    auto first = limit.try_acquire();
    ASSERT_TRUE(first);
    auto two = call(2);
    start(limit, two);
    context.poll();
    first.reset();  // the right is the waiter's, which has not run yet
    EXPECT_FALSE(limit.try_acquire());
    settle();
    EXPECT_EQ(begun, (std::vector{2}));
}

TEST_F(concurrency_limit_test, CancelledAnywhereItHoldsNothing) {
    const concurrency_limit limit(1, 3);
    auto slow = call(0);
    const auto make = [&]() -> awaitable<void> { co_await limit(slow); };
    EXPECT_GT(cancel_everywhere(make,
                                [&](int n) {
                                    EXPECT_EQ(limit.running(), 0U) << n;
                                    EXPECT_EQ(limit.waiting(), 0U) << n;
                                }),
              0);
}

TEST_F(concurrency_limit_test, CancelledInTheQueueItLeavesIt) {
    const concurrency_limit limit(1, 3);
    auto held = limit.try_acquire();
    auto waits = call(1);
    const auto make = [&]() -> awaitable<void> {
        const auto ended = co_await limit(waits);
        EXPECT_EQ(ended.error().code(), errc::canceled);
    };
    asio::cancellation_signal cancel;
    asio::co_spawn(context, make(), asio::bind_cancellation_slot(cancel.slot(), asio::detached));
    context.poll();
    EXPECT_EQ(limit.waiting(), 1U);
    cancel.emit(asio::cancellation_type::terminal);
    settle();
    EXPECT_EQ(limit.waiting(), 0U);
    EXPECT_TRUE(begun.empty());
    held.reset();
    EXPECT_EQ(limit.running(), 0U);
}

TEST_F(concurrency_limit_test, TheRightToRunPassesOverWhoIsBeingCancelled) {
    const concurrency_limit limit(1, 3);
    auto held = limit.try_acquire();
    auto goes = call(1);
    auto stays = call(2);
    const auto make = [&]() -> awaitable<void> { co_await limit(goes); };
    asio::cancellation_signal cancel;
    asio::co_spawn(context, make(), asio::bind_cancellation_slot(cancel.slot(), asio::detached));
    context.poll();
    start(limit, stays);
    context.restart();
    context.poll();
    EXPECT_EQ(limit.waiting(), 2U);
    cancel.emit(asio::cancellation_type::terminal);
    context.restart();
    context.poll_one();  // the cancellation has come, and its coroutine has not run yet
    EXPECT_EQ(limit.waiting(), 2U);
    held.reset();
    settle();
    EXPECT_EQ(begun, (std::vector{2}));
    EXPECT_EQ(limit.running(), 0U);
}

TEST_F(concurrency_limit_test, AContextThatGoesTakesItsWaitersAlongAndNoMore) {
    const concurrency_limit limit(1, 10);
    auto held = limit.try_acquire();
    auto granted = call(1);
    auto waiting = call(2);
    {
        asio::io_context other;
        asio::co_spawn(other, limit(granted), asio::detached);
        asio::co_spawn(other, limit(waiting), asio::detached);
        other.poll();
        EXPECT_EQ(limit.waiting(), 2U);
        held.reset();  // granted to the first, which never runs again
    }
    EXPECT_EQ(limit.waiting(), 0U);
    EXPECT_EQ(limit.running(), 0U);
    auto here = call(3);
    EXPECT_EQ(run(limit(here)).value(), 3);
}

TEST_F(concurrency_limit_test, HoldsOnManyThreads) {
    const concurrency_limit limit(3, 1000);
    std::atomic<int> at_once = 0;
    std::atomic<int> most = 0;
    const auto busy = [&]() -> awaitable<result<int>> {
        const int now = ++at_once;
        int seen = most.load();
        while (seen < now && !most.compare_exchange_weak(seen, now)) {
        }
        co_await asio::post(asio::use_awaitable);
        --at_once;
        co_return 1;
    };
    asio::thread_pool pool(4);
    std::vector<std::future<result<int>>> all;
    for (int i = 0; i < 500; ++i)
        all.push_back(asio::co_spawn(pool, limit(busy), asio::use_future));
    for (auto& each : all) EXPECT_TRUE(each.get());
    pool.join();
    EXPECT_LE(most.load(), 3);
    EXPECT_EQ(limit.running(), 0U);
}

}  // namespace
}  // namespace cairn
