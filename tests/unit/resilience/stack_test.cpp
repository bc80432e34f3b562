#include "calls.hpp"

#include <cairn/resilience.hpp>

#include <boost/asio/detached.hpp>

namespace cairn {
namespace {

using namespace std::chrono_literals;

class stack_test : public test::io {
  protected:
    retry_policy policy() {
        auto p = longest_pauses(time);
        p.idempotent = true;
        return p;
    }
    circuit_breaker breaker() {
        circuit_breaker_options o;
        o.minimum_calls = 3;
        o.clock = time;
        o.random = std::make_shared<constant_random>(chance::greatest);
        return circuit_breaker(o);
    }
    // A service that has stopped answering.
    auto silent() {
        return [this]() -> awaitable<result<int>> {
            ++made;
            co_await time->sleep_until(time->now() + 24h);
            co_return 1;
        };
    }
    int made = 0;
};

TEST_F(stack_test, TheLeftmostIsTheOutermost) {
    const auto guarded = retry(policy()) | attempt_timeout(1s, time);
    auto call = silent();
    const auto from = time->now();
    const auto failed = run(guarded(call));
    EXPECT_EQ(failed.error().code(), errc::timed_out);
    EXPECT_EQ(failed.error().attempts(), 3U);
    EXPECT_EQ(time->now() - from, 3s + 50ms + 100ms) << "each attempt has a second of its own";

    const auto once = attempt_timeout(1s, time) | retry(policy());
    made = 0;
    EXPECT_EQ(run(once(call)).error().code(), errc::timed_out);
    EXPECT_EQ(made, 1);
}

TEST_F(stack_test, TheBreakerSeesEveryAttemptAndItsRefusalIsNotTriedAgain) {
    const auto b = breaker();
    const auto guarded = retry(policy()) | b | attempt_timeout(1s, time);
    auto call = silent();
    EXPECT_EQ(run(guarded(call)).error().code(), errc::timed_out);
    EXPECT_EQ(b.current(), circuit_breaker::state::open);
    const auto from = time->now();
    const auto refused = run(guarded(call));
    EXPECT_EQ(refused.error().code(), errc::circuit_open);
    EXPECT_EQ(refused.error().attempts(), 0U);
    EXPECT_EQ(time->now(), from);
    EXPECT_EQ(made, 3);
}

TEST_F(stack_test, TheDeadlineEndsPausesAndQueues) {
    auto patient = policy();
    patient.base_delay = 1h;
    patient.max_delay = 1h;
    const auto pausing = total_deadline(10s, time) | retry(patient);
    scripted_calls calls(std::deque<error>(5, error(errc::service_failed, "busy")));
    const auto late = run(pausing(calls));
    EXPECT_EQ(late.error().code(), errc::timed_out);
    EXPECT_NE(late.error().what().find("busy"), std::string::npos) << late.error();
    EXPECT_NE(late.error().what().find("total deadline"), std::string::npos) << late.error();

    const concurrency_limit one(1, 5);
    const auto held = one.try_acquire();
    const auto queueing = total_deadline(10s, time) | one;
    const auto from = time->now();
    const auto shed = run(queueing(calls));
    EXPECT_EQ(shed.error().code(), errc::timed_out);
    EXPECT_EQ(shed.error().effect(), effect::not_applied);
    EXPECT_EQ(time->now() - from, 10s);
    EXPECT_EQ(one.waiting(), 0U);
}

TEST_F(stack_test, CancelledAnywhereNothingIsHeld) {
    const auto b = breaker();
    const concurrency_limit limit(1, 1);
    rate_limit_options rate(1000);
    rate.clock = time;
    const auto guarded = total_deadline(1h, time) | limit | rate_limit(rate) | retry(policy()) | b |
                         attempt_timeout(1min, time);
    const auto make = [&]() -> awaitable<void> {
        auto call = [&]() -> awaitable<result<int>> {
            co_await time->sleep_until(time->now() + 1s);
            co_return error(errc::throttled);
        };
        co_await guarded(call);
    };
    const auto cancelled = cancel_everywhere(make, [&](int n) {
        EXPECT_EQ(limit.running(), 0U) << n;
        EXPECT_EQ(limit.waiting(), 0U) << n;
        EXPECT_EQ(b.current(), circuit_breaker::state::closed) << n;
    });
    EXPECT_GT(cancelled, 10);
}

// The limit's place is taken and the rate's slot used up when the call comes, so that it waits in
// the queue of each.
TEST_F(stack_test, CancelledInAnyQueueNothingIsHeld) {
    const auto b = breaker();
    const concurrency_limit limit(1, 1);
    rate_limit_options options(1);
    options.clock = time;
    const rate_limit rate(options);
    const auto guarded =
        total_deadline(1h, time) | limit | rate | retry(policy()) | b | attempt_timeout(1min, time);
    const auto occupy = [&]() -> awaitable<void> {
        const auto place = limit.try_acquire();
        EXPECT_TRUE(place);
        const auto slot = co_await rate.acquire();
        EXPECT_TRUE(slot);
        co_await time->sleep_until(time->now() + 500ms);
    };
    clock::duration longest{};
    int in_line = 0;
    int in_rate = 0;
    const auto make = [&]() -> awaitable<void> {
        made = 0;
        asio::co_spawn(context, occupy(), asio::detached);
        auto call = [&]() -> awaitable<result<int>> {
            ++made;
            co_await time->sleep_until(time->now() + 1s);
            co_return 1;
        };
        const auto from = time->now();
        const auto ended = co_await guarded(call);
        longest = std::max(longest, time->now() - from);
        if (ended) co_return;
        EXPECT_EQ(ended.error().code(), errc::canceled);
        in_line += ended.error().detail().find("waiting to run") != std::string::npos;
        in_rate += ended.error().detail().find("rate limit") != std::string::npos;
        EXPECT_TRUE(made > 0 || ended.error().effect() == effect::not_applied) << ended.error();
    };
    const auto cancelled = cancel_everywhere(make, [&](int n) {
        EXPECT_EQ(limit.running(), 0U) << n;
        EXPECT_EQ(limit.waiting(), 0U) << n;
        EXPECT_EQ(b.current(), circuit_breaker::state::closed) << n;
        // A slot that was given back is there again.
        time->advance(1s);
        const auto from = time->now();
        const auto slot = run(rate.acquire());
        EXPECT_TRUE(slot);
        EXPECT_EQ(time->now(), from) << n;
        time->advance(1s);
    });
    EXPECT_GT(cancelled, 5);
    EXPECT_GT(in_line, 0) << "no cancellation fell into the limit's queue";
    EXPECT_GT(in_rate, 0) << "nor into the rate's";
    EXPECT_EQ(longest, 1s + 1s) << "the last one had to wait";
}

}  // namespace
}  // namespace cairn
