#include "calls.hpp"
#include "resilience/adaptive_machine.hpp"

#include <cairn/resilience/adaptive_rate.hpp>
#include <cairn/resilience/retry.hpp>

#include <boost/asio/detached.hpp>

#include <functional>
#include <vector>

namespace cairn {
namespace {

using namespace std::chrono_literals;

constexpr clock::time_point start{};

// The numbers that AWS's SDKs are tested with.
TEST(AdaptiveMachine, MeasuresAndFollowsAsPublished) {
    struct step {
        bool throttled;
        std::chrono::milliseconds at;
        double measured;
        double rate;
    };
    constexpr std::array steps{
        step{false, 200ms, 0.000000, 0.500000},  step{false, 400ms, 0.000000, 0.500000},
        step{false, 600ms, 4.800000, 0.500000},  step{false, 800ms, 4.800000, 0.500000},
        step{false, 1000ms, 4.160000, 0.500000}, step{false, 1200ms, 4.160000, 0.691200},
        step{false, 1400ms, 4.160000, 1.097600}, step{false, 1600ms, 5.632000, 1.638400},
        step{false, 1800ms, 5.632000, 2.332800}, step{true, 2000ms, 4.326400, 3.028480},
        step{false, 2200ms, 4.326400, 3.486639}, step{false, 2400ms, 4.326400, 3.821874},
        step{false, 2600ms, 5.665280, 4.053386}, step{false, 2800ms, 5.665280, 4.200373},
        step{false, 3000ms, 4.333056, 4.282037}, step{true, 3200ms, 4.333056, 2.997426},
        step{false, 3400ms, 4.333056, 3.452226},
    };
    adaptive_machine machine(start);
    bool limits = false;
    for (const auto& s : steps) {
        machine.ended(s.throttled, start + s.at);
        limits = limits || s.throttled;
        EXPECT_NEAR(machine.measured_rate(), s.measured, 1e-6) << s.at.count();
        EXPECT_NEAR(machine.rate(), limits ? s.rate : 0, 1e-6) << s.at.count();
    }
}

// A machine that was throttled at 10 calls a second, after 5 seconds.
adaptive_machine throttled_at_10() {
    adaptive_machine machine(start);
    for (int i = 1; i <= 50; ++i) machine.ended(i == 50, start + i * 100ms);
    return machine;
}

TEST(AdaptiveMachine, GrowsBackAlongThePublishedCurve) {
    const auto machine = throttled_at_10();
    EXPECT_NEAR(machine.measured_rate(), 10, 0.01);
    constexpr std::array<std::pair<std::chrono::seconds, double>, 7> curve{{
        {5s, 7.0},
        {6s, 9.64893600966},
        {7s, 10.000030849917364},
        {8s, 10.453284520772092},
        {9s, 13.408697022224185},
        {10s, 21.26626835427364},
        {11s, 36.425998516920465},
    }};
    for (const auto& [at, rate] : curve)
        EXPECT_NEAR(machine.wanted_rate(start + at), rate, 0.01) << at.count();
}

TEST(AdaptiveMachine, IsFreeUntilItIsThrottled) {
    adaptive_machine machine(start);
    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(machine.wait(start, 100), 0s);
        machine.begin(start);
        machine.ended(false, start + i * 1ms);
    }
    EXPECT_EQ(machine.rate(), 0);
}

TEST(AdaptiveMachine, FallsByBetaNeverBelowTheLeastNorAboveTwiceTheMeasured) {
    auto machine = throttled_at_10();
    EXPECT_NEAR(machine.rate(), 7, 0.01);
    auto now = start + 5s;
    for (int i = 0; i < 100; ++i) {
        const auto before = machine.rate();
        machine.ended(true, now += 10ms);
        EXPECT_LE(machine.rate(), before);
        EXPECT_GE(machine.rate(), 0.5);
    }
    EXPECT_EQ(machine.rate(), 0.5);
    for (int i = 0; i < 1000; ++i) {
        machine.ended(false, now += 100ms);
        EXPECT_LE(machine.rate(), std::max(0.5, 2 * machine.measured_rate()) + 1e-9);
    }
    EXPECT_NEAR(machine.rate(), 20, 0.1) << "twice what is sent";
}

TEST(AdaptiveMachine, TurnsAreApartByTheRate) {
    auto machine = throttled_at_10();
    auto now = start + 5s;
    int at_once = 0;
    for (; machine.wait(now, 0) == 0s; ++at_once) machine.begin(now);
    EXPECT_LE(at_once, 7) << "what a second is worth";
    const auto first = machine.wait(now, 0);
    const auto second = machine.wait(now, 1);
    EXPECT_NEAR(std::chrono::duration<double>(second - first).count(), 1 / 7.0, 0.001);
    now += first + 1ns;
    machine.begin(now);
    EXPECT_NEAR(std::chrono::duration<double>(machine.wait(now, 0)).count(), 1 / 7.0, 0.001);
    EXPECT_EQ(machine.wait(now + 1min, 0), 0s) << "a pause fills the bucket";
}

class adaptive_rate_test : public test::io {
  protected:
    adaptive_rate adapted() {
        adaptive_rate_options options;
        options.clock = time;
        return adaptive_rate(options);
    }
};

TEST_F(adaptive_rate_test, ThrottledItSlowsDown) {
    const auto rate = adapted();
    scripted_calls calls({error(), error(), error(errc::throttled)});
    auto from = time->now();
    for (int i = 0; i < 3; ++i) run(rate(calls));
    EXPECT_EQ(time->now(), from);
    EXPECT_EQ(rate.current(), 0.5);
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(run(rate(calls)));
    EXPECT_GE(time->now() - from, 2s);
}

TEST_F(adaptive_rate_test, NobodyOvertakesWhenTheRateRises) {
    const auto rate = adapted();
    scripted_calls throttled({error(errc::throttled)});
    EXPECT_FALSE(run(rate(throttled)));
    std::vector<int> begun;
    const auto call = [&](int id) {
        return [&begun, id]() -> awaitable<result<int>> {
            begun.push_back(id);
            co_return id;
        };
    };
    std::vector<std::function<awaitable<result<int>>()>> calls;
    for (int i = 0; i < 9; ++i) calls.emplace_back(call(i));
    const auto begin_call = [&](int id) {
        asio::co_spawn(context, rate(calls.at(id)), asio::detached);
        context.restart();
        context.poll();
    };
    for (int i = 0; i < 8; ++i) begin_call(i);
    while (rate.current() < 5) {
        time->advance(10ms);
        rate.succeeded();
    }
    begin_call(8);
    settle();
    EXPECT_EQ(begun, (std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST_F(adaptive_rate_test, OtherFailuresLeaveItFree) {
    const auto rate = adapted();
    scripted_calls calls({error(errc::service_failed), error(errc::not_found),
                          error(errc::canceled), error(errc::invalid_argument)});
    for (int i = 0; i < 4; ++i) EXPECT_FALSE(run(rate(calls)));
    EXPECT_EQ(rate.current(), 0);
}

TEST_F(adaptive_rate_test, RetriesWaitForTheirTurnToo) {
    const auto rate = adapted();
    const auto guarded = retry(longest_pauses(time)) | rate;
    scripted_calls calls({error(errc::throttled), error(errc::throttled)});
    const auto from = time->now();
    EXPECT_TRUE(run(guarded(calls)));
    EXPECT_EQ(time->now() - from, 1s + 1s + 2s)
        << "after the first pause half a token is there, after the second enough";
}

TEST_F(adaptive_rate_test, CancelledAnywhereItHoldsNothing) {
    const auto rate = adapted();
    rate.failed(error(errc::throttled));
    const auto make = [&]() -> awaitable<void> {
        scripted_calls calls({});
        const auto ended = co_await rate(calls);
        EXPECT_TRUE(ended || ended.error().code() == errc::canceled);
    };
    const auto from = time->now();
    EXPECT_GT(cancel_everywhere(make, [](int) {}), 0);
    EXPECT_LE(time->now() - from, 4s) << "those who gave up still stood in the queue";
}

TEST_F(adaptive_rate_test, CancelledCallsAreNotMeasured) {
    const auto quiet = adapted();
    const auto hectic = adapted();
    for (int i = 0; i < 50; ++i) {
        time->advance(100ms);
        quiet.succeeded();
        hectic.succeeded();
        for (int j = 0; j < 3; ++j) hectic.failed(error(errc::canceled));
    }
    quiet.failed(error(errc::throttled));
    hectic.failed(error(errc::throttled));
    EXPECT_GT(quiet.current(), 5);
    EXPECT_EQ(hectic.current(), quiet.current());
}

}  // namespace
}  // namespace cairn
