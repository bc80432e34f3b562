#include "calls.hpp"
#include "support/recorded_events.hpp"

#include <cairn/resilience.hpp>

#include <gmock/gmock.h>

namespace cairn {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class events_test : public test::io {
  protected:
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

}  // namespace
}  // namespace cairn
