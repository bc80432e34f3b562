#include "calls.hpp"
#include "support/recorded_events.hpp"

#include <cairn/resilience.hpp>

#include <boost/asio/detached.hpp>
#include <gmock/gmock.h>

namespace cairn {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::StartsWith;

class events_test : public test::io {
  protected:
    // Calls that come all at once, each of which takes so long.
    template <class Guarded>
    void make(int calls, const Guarded& guarded, clock::duration takes) {
        auto call = [&]() -> awaitable<result<int>> {
            co_await time->sleep_until(time->now() + takes);
            co_return 1;
        };
        for (int i = 0; i < calls; ++i) asio::co_spawn(context, guarded(call), asio::detached);
        settle();
    }

    test::recorded_events events;
};

TEST_F(events_test, OfAttemptsAndPauses) {
    auto policy = longest_pauses(time);
    policy.sink = events.sink();
    const retry guarded(policy);
    scripted_calls calls({error(errc::connect_failed), error()});
    EXPECT_TRUE(run(guarded(calls)));
    EXPECT_THAT(events.lines,
                ElementsAre("call 1: attempt 1",
                            "call 1: attempt 1 ended after 0.000 ms, failed: connection failed",
                            "call 1: tries again in 50.000 ms", "call 1: attempt 2",
                            "call 1: attempt 2 ended after 0.000 ms, done"));
}

TEST_F(events_test, OfABreakersStates) {
    circuit_breaker_options options;
    options.name = "the oracle";
    options.minimum_calls = 1;
    options.probes = 1;
    options.clock = time;
    options.random = std::make_shared<constant_random>(chance::greatest);
    options.sink = events.sink();
    circuit_breaker breaker(options);
    scripted_calls calls({error(errc::connect_failed)});
    EXPECT_FALSE(run(breaker(calls)));
    time->advance(6s);
    EXPECT_TRUE(run(breaker(calls)));
    breaker.isolate();
    breaker.isolate();
    breaker.reset();
    EXPECT_THAT(events.lines, ElementsAre("circuit breaker of the oracle: closed -> open",
                                          "circuit breaker of the oracle: open -> half open",
                                          "circuit breaker of the oracle: half open -> closed",
                                          "circuit breaker of the oracle: closed -> isolated",
                                          "circuit breaker of the oracle: isolated -> closed"));
}

TEST_F(events_test, OfAConcurrencyLimit) {
    concurrency_limit_options options(1, 1);
    options.name = "thumbnails";
    options.sink = events.sink();
    options.clock = time;
    make(3, concurrency_limit(options), 1s);
    EXPECT_THAT(
        events.lines,
        ElementsAre("a call: turned away by the thumbnails, failed: too many calls at once: "
                    "1 run and 1 wait; nothing was changed",
                    "a call: waited in the queue of the thumbnails for 1000.000 ms"));
}

TEST_F(events_test, OfARateLimit) {
    rate_limit_options options(1);
    options.max_wait = 1s;
    options.sink = events.sink();
    options.clock = time;
    make(3, rate_limit(options), 0s);
    ASSERT_EQ(events.lines.size(), 2U);
    EXPECT_THAT(events.lines[0], StartsWith("a call: turned away by the rate limit, failed: "));
    EXPECT_EQ(events.lines[1], "a call: waited in the queue of the rate limit for 1000.000 ms");
}

TEST_F(events_test, OfAnAdaptiveRate) {
    adaptive_rate_options options;
    options.sink = events.sink();
    options.clock = time;
    const adaptive_rate rate(options);
    scripted_calls calls({error(errc::throttled), error()});
    EXPECT_FALSE(run(rate(calls)));
    EXPECT_THAT(events.lines, ElementsAre());
    EXPECT_TRUE(run(rate(calls)));
    ASSERT_EQ(events.lines.size(), 1U);
    EXPECT_THAT(events.lines[0], StartsWith("a call: waited in the queue of the adaptive rate"));
}

TEST_F(events_test, OfAHedge) {
    hedge_options options;
    options.delay = 100ms;
    options.sink = events.sink();
    options.clock = time;
    make(1, hedge(options), 1s);
    EXPECT_THAT(events.lines,
                ElementsAre("a call: begun once more beside itself after 100.000 ms"));
}

}  // namespace
}  // namespace cairn
