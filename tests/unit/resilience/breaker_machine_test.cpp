#include "resilience/breaker_machine.hpp"

#include "calls.hpp"

namespace cairn {
namespace {

using namespace std::chrono_literals;
using state = breaker_machine::state;

class breaker_machine_test : public ::testing::Test {
  protected:
    std::optional<std::uint64_t> admit() {
        const auto answer = machine.admit(now);
        if (const auto* in = std::get_if<breaker_machine::admitted>(&answer)) return in->generation;
        retry_after = std::get<breaker_machine::rejected>(answer).retry_after;
        return std::nullopt;
    }
    void call(health how, int times = 1) {
        for (int i = 0; i < times; ++i) {
            const auto in = admit();
            ASSERT_TRUE(in);
            machine.ended(*in, how, now, 0.5);
        }
    }
    // Opens it, and lets the time pass until it may be probed.
    void half_open() {
        call(health::bad, 20);
        ASSERT_EQ(machine.current(now), state::open);
        now += 5s;
        ASSERT_EQ(machine.current(now), state::half_open);
    }

    circuit_breaker_options options;
    breaker_machine machine{options};
    clock::time_point now{1000h};
    clock::duration retry_after{};
};

TEST_F(breaker_machine_test, OpensWhenHalfOfEnoughCallsFail) {
    call(health::good, 10);
    call(health::bad, 9);
    EXPECT_EQ(machine.current(now), state::closed);
    call(health::bad);
    EXPECT_EQ(machine.current(now), state::open);
    EXPECT_FALSE(admit());
    EXPECT_EQ(retry_after, 5s);
}

TEST_F(breaker_machine_test, AProbeThatNeverEndsMakesRoomForAnother) {
    half_open();
    for (unsigned i = 0; i < options.probes; ++i) EXPECT_TRUE(admit());
    EXPECT_FALSE(admit());
    now += 4999ms;
    EXPECT_FALSE(admit());
    now += 1ms;
    call(health::good);
    EXPECT_FALSE(admit()) << "one more each open_for, not any number";
    for (int i = 0; i < 2; ++i) {
        now += 5s;
        call(health::good);
    }
    EXPECT_EQ(machine.current(now), state::closed);
}

TEST_F(breaker_machine_test, TheLongestTimeDoesNotPass) {
    options.open_for = options.max_open_for = clock::duration::max();
    for (const double jitter : {0.0, 0.5, 1.0}) {
        call(health::bad, 19);
        machine.ended(*admit(), health::bad, now, jitter);
        now += 24h;
        EXPECT_EQ(machine.current(now), state::open) << jitter;
        machine.reset();
    }
}

TEST_F(breaker_machine_test, FewCallsSayNothing) {
    call(health::bad, 19);
    EXPECT_EQ(machine.current(now), state::closed);
}

TEST_F(breaker_machine_test, OldCallsAreForgotten) {
    call(health::bad, 19);
    now += 31s;
    call(health::bad, 19);
    EXPECT_EQ(machine.current(now), state::closed);
    now += 15s;
    call(health::bad);
    EXPECT_EQ(machine.current(now), state::open) << "half of the window later they still count";
}

TEST_F(breaker_machine_test, WhatSaysNothingIsNotCounted) {
    call(health::unknown, 100);
    call(health::bad, 19);
    EXPECT_EQ(machine.current(now), state::closed);
    call(health::unknown, 100);
    call(health::bad);
    EXPECT_EQ(machine.current(now), state::open);
}

TEST_F(breaker_machine_test, LetsAFewCallsProbe) {
    half_open();
    EXPECT_TRUE(admit());
    EXPECT_TRUE(admit());
    EXPECT_TRUE(admit());
    EXPECT_FALSE(admit()) << "a stampede";
    EXPECT_GT(retry_after, 0s);
}

TEST_F(breaker_machine_test, ClosesWhenTheProbesSucceed) {
    half_open();
    call(health::good, 2);
    EXPECT_EQ(machine.current(now), state::half_open);
    call(health::good);
    EXPECT_EQ(machine.current(now), state::closed);
    call(health::bad, 19);
    EXPECT_EQ(machine.current(now), state::closed) << "what was before it opened still counts";
}

TEST_F(breaker_machine_test, AProbeThatSucceededMakesNoRoomForAnother) {
    half_open();
    call(health::good, 2);
    EXPECT_TRUE(admit());
    EXPECT_FALSE(admit());
}

TEST_F(breaker_machine_test, AProbeThatFailsOpensItForLonger) {
    half_open();
    for (const auto open_for : {10s, 20s, 40s, 60s, 60s}) {
        call(health::bad);
        EXPECT_EQ(machine.current(now), state::open);
        EXPECT_FALSE(admit());
        EXPECT_EQ(retry_after, open_for);
        now += open_for;
        EXPECT_EQ(machine.current(now), state::half_open);
    }
    call(health::good, 3);
    call(health::bad, 20);
    EXPECT_FALSE(admit());
    EXPECT_EQ(retry_after, 5s) << "closed once, it starts with the short time again";
}

TEST_F(breaker_machine_test, APermitThatSaysNothingIsGivenBack) {
    half_open();
    call(health::unknown, 10);
    call(health::good, 3);
    EXPECT_EQ(machine.current(now), state::closed);
}

TEST_F(breaker_machine_test, LateEndsOfAnEarlierTimeDontCount) {
    const auto early = admit();
    const auto another = admit();
    half_open();
    machine.ended(*early, health::bad, now, 0.5);
    EXPECT_EQ(machine.current(now), state::half_open) << "it was admitted before the trip";
    EXPECT_TRUE(admit());
    EXPECT_TRUE(admit());
    machine.ended(*another, health::unknown, now, 0.5);
    EXPECT_TRUE(admit());
    EXPECT_FALSE(admit()) << "a late end freed a place that was not its own";
}

TEST_F(breaker_machine_test, AClockThatStepsBackChangesNothing) {
    call(health::bad, 20);
    now -= 1h;
    EXPECT_EQ(machine.current(now), state::open);
    EXPECT_FALSE(admit());
    EXPECT_LE(retry_after, 5s);
    now += 1h + 5s;
    EXPECT_EQ(machine.current(now), state::half_open);
}

TEST_F(breaker_machine_test, AClockThatStepsFarAheadForgets) {
    call(health::bad, 19);
    now += 10'000h;
    call(health::bad);
    EXPECT_EQ(machine.current(now), state::closed);
}

TEST_F(breaker_machine_test, JitterSpreadsByATenth) {
    for (const auto& [jitter, open_for] : {std::pair(0.0, 4500ms), std::pair(1.0, 5500ms)}) {
        breaker_machine one(options);
        for (int i = 0; i < 20; ++i) {
            const auto in = one.admit(now);
            one.ended(std::get<breaker_machine::admitted>(in).generation, health::bad, now, jitter);
        }
        const auto answer = one.admit(now);
        EXPECT_EQ(std::get<breaker_machine::rejected>(answer).retry_after, open_for);
    }
}

TEST_F(breaker_machine_test, IsIsolatedUntilReset) {
    const auto early = admit();
    machine.isolate();
    now += 100h;
    EXPECT_EQ(machine.current(now), state::isolated);
    EXPECT_FALSE(admit());
    machine.ended(*early, health::good, now, 0.5);
    EXPECT_EQ(machine.current(now), state::isolated);
    machine.reset();
    EXPECT_EQ(machine.current(now), state::closed);
    EXPECT_TRUE(admit());
}

TEST_F(breaker_machine_test, EachTimeItIsProbedAnew) {
    half_open();
    call(health::good, 2);
    call(health::bad);
    ASSERT_EQ(machine.current(now), state::open);
    now += 10s;
    call(health::good, 2);
    EXPECT_EQ(machine.current(now), state::half_open) << "an earlier time's probes count";
    call(health::good);
    EXPECT_EQ(machine.current(now), state::closed);
}

}  // namespace
}  // namespace cairn
