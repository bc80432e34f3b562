#include "calls.hpp"
#include "resilience/latency_window.hpp"

#include <cairn/resilience/hedge.hpp>
#include <cairn/resilience/timeout.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

namespace cairn {
namespace {

using namespace std::chrono_literals;

class hedge_test : public test::io {
  protected:
    // The n-th call takes `takes`, and ends so; what is cancelled ends with a value that says so.
    struct plan {
        std::chrono::nanoseconds takes;
        errc end{};
    };
    auto calls(std::vector<plan> plans) {
        return [this, plans = std::move(plans)]() -> awaitable<result<int>> {
            const int n = made++;
            return one(plans.at(static_cast<std::size_t>(n) % plans.size()), n);
        };
    }
    awaitable<result<int>> one(plan p, int n) {
        ++running;
        const auto from = time->now();
        bool canceled = false;
        try {
            co_await time->sleep_until(from + p.takes);
        } catch (const boost::system::system_error&) {
            canceled = true;
        }
        --running;
        if (canceled) co_return error(errc::canceled, "call " + std::to_string(n));
        if (p.end != errc()) co_return error(p.end, "call " + std::to_string(n));
        co_return n;
    }
    hedge_options after(clock::duration delay) {
        hedge_options options;
        options.delay = delay;
        options.clock = time;
        options.quota = quota;
        return options;
    }
    int made = 0;
    int running = 0;
    std::shared_ptr<retry_quota> quota = std::make_shared<retry_quota>(500, 100);
};

TEST_F(hedge_test, AQuickCallIsAlone) {
    const hedge both(after(100ms));
    auto call = calls({{99ms}});
    EXPECT_EQ(run(both(call)).value(), 0);
    EXPECT_EQ(made, 1);
    EXPECT_EQ(quota->available(), 101U);
    settle();
    EXPECT_EQ(made, 1);
}

TEST_F(hedge_test, AfterTheLongestDelayNoneIsStarted) {
    const hedge both(after(clock::duration::max()));
    auto call = calls({{24h}});
    EXPECT_EQ(run(both(call)).value(), 0);
    EXPECT_EQ(made, 1);
}

TEST_F(hedge_test, ASlowOneIsOvertaken) {
    const hedge both(after(100ms));
    auto call = calls({{1h}, {20ms}});
    const auto from = time->now();
    EXPECT_EQ(run(both(call)).value(), 1);
    EXPECT_EQ(time->now() - from, 120ms);
    EXPECT_EQ(running, 0) << "the loser was left running";
    EXPECT_EQ(quota->available(), 86U);
}

TEST_F(hedge_test, TheFirstMayStillWin) {
    const hedge both(after(100ms));
    auto call = calls({{150ms}, {1h}});
    const auto from = time->now();
    EXPECT_EQ(run(both(call)).value(), 0);
    EXPECT_EQ(time->now() - from, 150ms);
    EXPECT_EQ(made, 2);
    EXPECT_EQ(running, 0);
}

TEST_F(hedge_test, OfTwoThatSucceedTogetherTheFirstWins) {
    const hedge both(after(100ms));
    auto call = calls({{150ms}, {50ms}});
    EXPECT_EQ(run(both(call)).value(), 0);
    EXPECT_EQ(made, 2);
    EXPECT_EQ(running, 0);
}

TEST_F(hedge_test, NoMoreThanTwo) {
    const hedge both(after(100ms));
    auto call = calls({{1h}});
    EXPECT_EQ(run(both(call)).value(), 0);
    EXPECT_EQ(made, 2);
}

TEST_F(hedge_test, AFailureBeforeTheDelayEndsTheCall) {
    const hedge both(after(100ms));
    auto call = calls({{10ms, errc::not_found}});
    const auto from = time->now();
    EXPECT_EQ(run(both(call)).error().code(), errc::not_found);
    EXPECT_EQ(time->now() - from, 10ms);
    EXPECT_EQ(made, 1);
    EXPECT_EQ(quota->available(), 100U) << "neither paid nor earned";
}

TEST_F(hedge_test, AFailureAsTheDelayEndsIsAlone) {
    const hedge both(after(100ms));
    auto call = calls({{100ms, errc::not_found}, {0ms}});
    EXPECT_EQ(run(both(call)).error().code(), errc::not_found);
    EXPECT_EQ(made, 1);
    EXPECT_EQ(quota->available(), 100U);
}

TEST_F(hedge_test, AFailureWaitsForTheOtherCall) {
    const hedge both(after(100ms));
    auto first_fails = calls({{110ms, errc::service_failed}, {50ms}});
    EXPECT_EQ(run(both(first_fails)).value(), 1);
    auto second_fails = calls({{150ms}, {10ms, errc::service_failed}});
    EXPECT_EQ(run(both(second_fails)).value(), 2);
    EXPECT_EQ(made, 4);
}

TEST_F(hedge_test, OfTwoFailuresTheLaterCounts) {
    const hedge both(after(100ms));
    auto call = calls({{110ms, errc::service_failed}, {50ms, errc::not_found}});
    EXPECT_EQ(run(both(call)).error().code(), errc::not_found);
    made = 0;
    auto other = calls({{200ms, errc::service_failed}, {50ms, errc::not_found}});
    EXPECT_EQ(run(both(other)).error().code(), errc::service_failed);
}

TEST_F(hedge_test, WithoutTokensThereIsNoSecondCall) {
    quota->take(87);
    const hedge both(after(100ms));
    auto call = calls({{1h}});
    const auto from = time->now();
    EXPECT_EQ(run(both(call)).value(), 0);
    EXPECT_EQ(time->now() - from, 1h);
    EXPECT_EQ(made, 1);
    EXPECT_EQ(quota->available(), 14U);
    made = 0;
    EXPECT_TRUE(run(both(call)));
    EXPECT_EQ(made, 2);
}

TEST_F(hedge_test, WhenEverythingIsSlowOneIn14IsDoubled) {
    quota->take(100);
    const hedge both(after(100ms));
    auto call = calls({{1s}});
    for (int i = 0; i < 300; ++i) EXPECT_TRUE(run(both(call)));
    EXPECT_GE(made, 300 + 300 / 15);
    EXPECT_LE(made, 300 + 300 / 14);
}

TEST_F(hedge_test, TheDelayIsWhatFewCallsTake) {
    auto learning = after(0ms);
    const hedge both(learning);
    auto slow = calls({{1h}, {1ms}});
    auto from = time->now();
    run(both(slow));
    EXPECT_EQ(time->now() - from, 51ms) << "the least delay, while nothing is known";

    auto usual = calls({{200ms}});
    made = 0;
    quota->take(quota->available());
    for (int i = 0; i < 100; ++i) run(both(usual));
    made = 0;
    from = time->now();
    run(both(slow));
    EXPECT_EQ(time->now() - from, 201ms);
}

TEST_F(hedge_test, WrapsAwaitablesThatThrow) {
    const hedge both(after(100ms));
    const auto throwing = [&]() -> awaitable<int> {
        const int n = made++;
        co_await time->sleep_until(time->now() + 110ms);
        if (n == 0) throw std::runtime_error("the first");
        co_return n;
    };
    EXPECT_EQ(run(both(throwing)), 1);
    const auto always = [&]() -> awaitable<void> {
        co_await time->sleep_until(time->now() + 110ms);
        throw std::runtime_error("both");
    };
    EXPECT_THROW(run(both(always)), std::runtime_error);
}

TEST_F(hedge_test, ATimeLimitEndsBoth) {
    const auto limited = attempt_timeout(1s, time) | hedge(after(100ms));
    auto call = calls({{1h}});
    const auto from = time->now();
    EXPECT_EQ(run(limited(call)).error().code(), errc::timed_out);
    EXPECT_EQ(time->now() - from, 1s);
    EXPECT_EQ(running, 0);
}

TEST_F(hedge_test, CancelledAnywhereBothEnd) {
    quota = std::make_shared<retry_quota>();
    int told = 0;
    const auto make = [&]() -> awaitable<void> {
        made = 0;
        const hedge both(after(100ms));
        auto call = calls({{300ms, errc::service_failed}, {250ms}});
        const auto ended = co_await both(call);
        if (ended) co_return;
        EXPECT_EQ(ended.error().code(), errc::canceled);
        ++told;
    };
    const auto cancelled = cancel_everywhere(make, [&](int n) { EXPECT_EQ(running, 0) << n; });
    EXPECT_GT(cancelled, 5);
    EXPECT_GT(told, 0);
}

TEST_F(hedge_test, HoldsOnManyThreads) {
    asio::thread_pool pool(4);
    hedge_options soon;
    soon.delay = 1us;
    soon.quota = std::make_shared<retry_quota>(1'000'000);
    const hedge both(soon);
    const auto call = []() -> awaitable<result<int>> {
        for (int i = 0; i < 20; ++i) co_await asio::post(asio::use_awaitable);
        co_return 1;
    };
    std::vector<std::future<result<int>>> all;
    for (int i = 0; i < 200; ++i) all.push_back(asio::co_spawn(pool, both(call), asio::use_future));
    for (auto& each : all) EXPECT_EQ(each.get().value(), 1);
    pool.join();
}

TEST(LatencyWindow, KnowsWhatFewOfTheLatestTook) {
    latency_window window;
    EXPECT_EQ(window.p95(), 0ms);
    window.add(7ms);
    EXPECT_EQ(window.p95(), 7ms);
    for (int i = 1; i <= 100; ++i) window.add(i * 1ms);
    EXPECT_EQ(window.p95(), 95ms);
    for (int i = 0; i < 6; ++i) window.add(1s);
    EXPECT_EQ(window.p95(), 1s);
    for (int i = 0; i < 95; ++i) window.add(2ms);
    EXPECT_EQ(window.p95(), 2ms) << "the oldest were forgotten";
}

}  // namespace
}  // namespace cairn
