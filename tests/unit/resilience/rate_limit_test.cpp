#include "calls.hpp"

#include <cairn/resilience/rate_limit.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <array>
#include <atomic>
#include <cmath>
#include <future>
#include <vector>

namespace cairn {
namespace {

using namespace std::chrono_literals;

class rate_limit_test : public test::io {
  protected:
    rate_limit_options options(double per_second) {
        rate_limit_options o(per_second);
        o.clock = time;
        return o;
    }
    // When calls that come all at once begin, from now.
    std::vector<std::chrono::nanoseconds> starts(const rate_limit& limit, int calls) {
        std::vector<std::chrono::nanoseconds> seen;
        const auto from = time->now();
        auto call = [&]() -> awaitable<result<int>> {
            seen.push_back(time->now() - from);
            co_return 1;
        };
        for (int i = 0; i < calls; ++i) asio::co_spawn(context, limit(call), asio::detached);
        settle();
        return seen;
    }
};

TEST_F(rate_limit_test, SpacesCallsOut) {
    const rate_limit limit(options(10));
    EXPECT_EQ(starts(limit, 4), (std::vector<std::chrono::nanoseconds>{0ms, 100ms, 200ms, 300ms}));
}

TEST_F(rate_limit_test, AllowsABurstAfterAPause) {
    auto o = options(10);
    o.burst = 3;
    const rate_limit limit(o);
    EXPECT_EQ(starts(limit, 5),
              (std::vector<std::chrono::nanoseconds>{0ms, 0ms, 0ms, 100ms, 200ms}));
    time->advance(150ms);
    EXPECT_EQ(starts(limit, 2), (std::vector<std::chrono::nanoseconds>{0ms, 50ms}));
    time->advance(1h);
    EXPECT_EQ(starts(limit, 4), (std::vector<std::chrono::nanoseconds>{0ms, 0ms, 0ms, 100ms}));
}

TEST_F(rate_limit_test, TurnsAwayWhatWouldWaitTooLong) {
    auto o = options(1);
    o.max_wait = 1500ms;
    const rate_limit limit(o);
    scripted_calls calls({});
    asio::co_spawn(context, limit(calls), asio::detached);
    asio::co_spawn(context, limit(calls), asio::detached);
    context.poll();
    const auto refused = run(limit(calls));
    EXPECT_EQ(refused.error().code(), errc::rate_limited);
    EXPECT_EQ(refused.error().retry_after(), 2s);
    settle();
    EXPECT_EQ(calls.made, 2);
    EXPECT_TRUE(run(limit(calls))) << "what was turned away took no slot";
}

TEST_F(rate_limit_test, NoCallsASecondIsNoLimit) {
    for (const double rate : {0.0, -1.0, std::nan("")}) {
        const rate_limit limit(options(rate));
        scripted_calls calls({});
        EXPECT_EQ(run(limit(calls)).error().code(), errc::invalid_argument) << rate;
    }
}

TEST_F(rate_limit_test, CancelledInItsWaitItGivesItsSlotBack) {
    const rate_limit limit(options(1));
    scripted_calls calls({});
    EXPECT_TRUE(run(limit(calls)));
    const auto make = [&]() -> awaitable<void> { co_await limit(calls); };
    asio::cancellation_signal cancel;
    asio::co_spawn(context, make(), asio::bind_cancellation_slot(cancel.slot(), asio::detached));
    context.restart();
    context.poll();
    cancel.emit(asio::cancellation_type::terminal);
    context.poll();
    EXPECT_EQ(calls.made, 1);
    const auto from = time->now();
    EXPECT_TRUE(run(limit(calls)));
    EXPECT_EQ(time->now() - from, 1s) << "the slot of the one that was cancelled";
}

TEST_F(rate_limit_test, ThoseBehindMoveUpAndNoTwoBeginInOneSlot) {
    const rate_limit limit(options(10));
    std::vector<std::chrono::nanoseconds> seen;
    const auto from = time->now();
    auto call = [&]() -> awaitable<result<int>> {
        seen.push_back(time->now() - from);
        co_return 1;
    };
    std::array<asio::cancellation_signal, 5> cancel;
    asio::co_spawn(context, limit(call), asio::detached);
    for (auto& each : cancel)
        asio::co_spawn(context, limit(call),
                       asio::bind_cancellation_slot(each.slot(), asio::detached));
    for (int i = 0; i < 4; ++i) asio::co_spawn(context, limit(call), asio::detached);
    context.poll();
    for (auto& each : cancel) each.emit(asio::cancellation_type::terminal);
    context.restart();
    context.poll();
    for (int i = 0; i < 5; ++i) asio::co_spawn(context, limit(call), asio::detached);
    settle();
    EXPECT_EQ(seen, (std::vector<std::chrono::nanoseconds>{0ms, 100ms, 200ms, 300ms, 400ms, 500ms,
                                                           600ms, 700ms, 800ms, 900ms}));
}

TEST_F(rate_limit_test, CancelledAnywhereItHoldsUpNobody) {
    const rate_limit limit(options(1));
    const auto make = [&]() -> awaitable<void> {
        scripted_calls calls({});
        const auto ended = co_await limit(calls);
        EXPECT_TRUE(ended || ended.error().code() == errc::canceled);
    };
    const auto call_and_another = [&]() -> awaitable<void> {
        asio::co_spawn(context, make(), asio::detached);
        co_await make();
    };
    EXPECT_GT(cancel_everywhere(call_and_another, [](int) {}), 0);
    time->advance(1s);
    const auto from = time->now();
    run(make());
    EXPECT_EQ(time->now(), from) << "somebody is left in line";
}

TEST_F(rate_limit_test, AContextThatGoesLeavesItsSlotsToTheOthers) {
    const rate_limit limit(options(1));
    scripted_calls gone({});
    scripted_calls here({});
    {
        asio::io_context other;
        for (int i = 0; i < 3; ++i) asio::co_spawn(other, limit(gone), asio::detached);
        other.poll();
        asio::co_spawn(context, limit(here), asio::detached);
        asio::co_spawn(context, limit(here), asio::detached);
        context.poll();
        time->advance(1s);  // the first in line may begin, and never runs again
        context.restart();
        context.poll();
        EXPECT_EQ(here.made, 0) << "it came later than those of the other context";
    }
    const auto from = time->now();
    settle();
    EXPECT_EQ(gone.made, 1);
    EXPECT_EQ(here.made, 2);
    EXPECT_EQ(time->now() - from, 1s);
}

TEST_F(rate_limit_test, HoldsOnManyThreads) {
    auto o = rate_limit_options(50'000);
    o.max_wait = clock::duration::max();
    const rate_limit limit(o);
    std::atomic<int> made = 0;
    const auto count = [&]() -> awaitable<result<int>> { co_return ++made; };
    asio::thread_pool pool(4);
    std::vector<std::future<result<int>>> all;
    for (int i = 0; i < 500; ++i)
        all.push_back(asio::co_spawn(pool, limit(count), asio::use_future));
    for (auto& each : all) EXPECT_TRUE(each.get());
    EXPECT_EQ(made, 500);
    pool.join();
}

TEST_F(rate_limit_test, WhatIsBelowTheLeastCountsAsTheLeast) {
    auto o = options(1);
    o.burst = -5;
    o.max_wait = -1s;
    const rate_limit limit(o);
    scripted_calls calls({});
    EXPECT_TRUE(run(limit(calls)));
    const auto refused = run(limit(calls));
    EXPECT_EQ(refused.error().code(), errc::rate_limited);
    EXPECT_EQ(refused.error().retry_after(), 1s);
    time->advance(1s);
    EXPECT_TRUE(run(limit(calls)));
}

TEST_F(rate_limit_test, NoNumberIsTooLarge) {
    auto o = options(1e-30);
    o.burst = 1e30;
    const rate_limit free(o);
    EXPECT_EQ(starts(free, 3), (std::vector<std::chrono::nanoseconds>{0ms, 0ms, 0ms}));
    o.burst = 1;
    const rate_limit once(o);
    EXPECT_EQ(starts(once, 3), (std::vector<std::chrono::nanoseconds>{0ms}));
    const rate_limit any(options(1e30));
    EXPECT_EQ(starts(any, 3), (std::vector<std::chrono::nanoseconds>{0ms, 0ms, 0ms}));
}

}  // namespace
}  // namespace cairn
