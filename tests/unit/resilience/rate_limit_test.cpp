#include "calls.hpp"

#include <cairn/resilience/rate_limit.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>

#include <cmath>
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

}  // namespace
}  // namespace cairn
