#include "calls.hpp"

#include <cairn/resilience/timeout.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

namespace cairn {
namespace {

using namespace std::chrono_literals;

class timeout_test : public test::io {
  protected:
    // As cairn's own calls do: cancelled, it ends with a value that tells what it has done.
    auto takes(std::chrono::nanoseconds how_long) {
        return [this, how_long]() -> awaitable<result<int>> {
            try {
                co_await time->sleep_until(time->now() + how_long);
            } catch (const boost::system::system_error&) {
                co_return error(errc::canceled, "after half of it").effect(effect::applied);
            }
            co_return 1;
        };
    }
};

TEST_F(timeout_test, WhatNeverBeganHasDoneNothing) {
    const auto limit = total_deadline(0s, time);
    bool begun = false;
    const auto call = [&]() -> awaitable<result<int>> {
        begun = true;
        co_return 1;
    };
    const auto late = run(limit(call));
    EXPECT_FALSE(begun);
    EXPECT_EQ(late.error().code(), errc::timed_out);
    EXPECT_EQ(late.error().effect(), effect::not_applied);
}

TEST_F(timeout_test, ANullClockIsTheSystems) {
    const auto limit = total_deadline(1h, nullptr);
    auto quick = takes(0s);
    EXPECT_TRUE(run(limit(quick)));
}

TEST_F(timeout_test, LeavesAloneWhatIsInTime) {
    const auto limit = attempt_timeout(5s, time);
    const auto from = time->now();
    auto quick = takes(1s);
    EXPECT_EQ(run(limit(quick)).value(), 1);
    EXPECT_EQ(time->now() - from, 1s);
}

TEST_F(timeout_test, TheLongestLimitIsNone) {
    const auto limit = total_deadline(clock::duration::max(), time);
    auto slow = takes(24h);
    EXPECT_EQ(run(limit(slow)).value(), 1);
}

TEST_F(timeout_test, EndsWhatTakesTooLongAndTellsWhatItKnew) {
    const auto limit = attempt_timeout(2500ms, time);
    const auto from = time->now();
    auto slow = takes(1h);
    const auto late = run(limit(slow));
    EXPECT_EQ(time->now() - from, 2500ms);
    EXPECT_EQ(late.error().code(), errc::timed_out);
    EXPECT_EQ(late.error().effect(), effect::applied);
    EXPECT_EQ(late.error().detail(), "no end within 2.5 s (attempt timeout), after half of it");
}

TEST_F(timeout_test, WhatEndedWithAnExceptionMayHaveDoneAnything) {
    const auto limit = total_deadline(1s, time);
    const auto unaware = [&]() -> awaitable<result<int>> {
        co_await time->sleep_until(time->now() + 1h);
        co_return 1;
    };
    const auto late = run(limit(unaware));
    EXPECT_EQ(late.error().code(), errc::timed_out);
    EXPECT_EQ(late.error().effect(), effect::unknown);

    const auto throwing = [&]() -> awaitable<int> {
        co_await time->sleep_until(time->now() + 1h);
        co_return 1;
    };
    try {
        run(limit(throwing));
        ADD_FAILURE() << "it ended";
    } catch (const error_exception& e) {
        EXPECT_EQ(e.error().code(), errc::timed_out);
        EXPECT_NE(std::string(e.what()).find("total deadline"), std::string::npos) << e.what();
    }
}

TEST_F(timeout_test, AFailureInTimeStaysWhatItIs) {
    const auto limit = attempt_timeout(1s, time);
    scripted_calls calls({error(errc::not_found)});
    EXPECT_EQ(run(limit(calls)).error().code(), errc::not_found);
    const auto broken = []() -> awaitable<void> {
        throw std::logic_error("a mistake");
        co_return;
    };
    EXPECT_THROW(run(limit(broken)), std::logic_error);
}

TEST_F(timeout_test, WhatEndsAllTheSameCounts) {
    const auto limit = attempt_timeout(1s, time);
    const auto stubborn = [&]() -> awaitable<result<int>> {
        try {
            co_await time->sleep_until(time->now() + 1h);
        } catch (const boost::system::system_error&) {
        }
        co_return 7;
    };
    EXPECT_EQ(run(limit(stubborn)).value(), 7);
}

TEST_F(timeout_test, CancelledByItsCallerItIsNotLate) {
    const auto limit = attempt_timeout(1h, time);
    auto slow = takes(1min);
    int told = 0;
    const auto make = [&]() -> awaitable<void> {
        const auto ended = co_await limit(slow);
        if (ended) co_return;
        EXPECT_EQ(ended.error().code(), errc::canceled);
        EXPECT_EQ(ended.error().effect(), effect::applied);
        ++told;
    };
    EXPECT_GT(cancel_everywhere(make, [](int) {}), 2);
    EXPECT_GT(told, 0);
}

TEST_F(timeout_test, HoldsOnManyThreads) {
    asio::thread_pool pool(4);
    const auto limit = attempt_timeout(1ms);
    const auto slow = []() -> awaitable<result<int>> {
        for (;;) co_await asio::post(asio::use_awaitable);
    };
    std::vector<std::future<result<int>>> all;
    for (int i = 0; i < 50; ++i) all.push_back(asio::co_spawn(pool, limit(slow), asio::use_future));
    for (auto& each : all) EXPECT_EQ(each.get().error().code(), errc::timed_out);
    pool.join();
}

TEST_F(timeout_test, WithoutAnyTimeItEndsAtOnce) {
    const auto none = total_deadline(0s, time);
    const auto from = time->now();
    auto call = takes(1h);
    EXPECT_EQ(run(none(call)).error().code(), errc::timed_out);
    EXPECT_EQ(time->now(), from);
}

TEST_F(timeout_test, AFailureThatComesAsTheTimeIsUpStaysWhatItIs) {
    const auto limit = attempt_timeout(1s, time);
    const auto stubborn = [&]() -> awaitable<result<int>> {
        try {
            co_await time->sleep_until(time->now() + 1h);
        } catch (const boost::system::system_error&) {
        }
        co_return error(errc::not_found, "it has looked").effect(effect::applied);
    };
    const auto ended = run(limit(stubborn));
    EXPECT_EQ(ended.error().code(), errc::not_found);
    EXPECT_EQ(ended.error().detail(), "it has looked");
    EXPECT_EQ(ended.error().effect(), effect::applied);
}

}  // namespace
}  // namespace cairn
