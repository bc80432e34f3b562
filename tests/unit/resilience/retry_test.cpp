#include "calls.hpp"

#include <cairn/resilience/retry.hpp>
#include <cairn/resilience/timeout.hpp>

namespace cairn {
namespace {

using namespace std::chrono_literals;

class retry_test : public test::io {
  protected:
    retry_policy policy() { return longest_pauses(time); }
};

TEST_F(retry_test, TriesAgainUntilItSucceeds) {
    scripted_calls calls({error(errc::connection_lost), error(errc::service_failed)});
    const auto p = policy();
    const retry again(p);
    const auto started = time->now();
    EXPECT_EQ(run(again(calls)).value(), 3);
    EXPECT_EQ(time->now() - started, 50ms + 100ms);
    EXPECT_EQ(p.quota->available(), 500U - 14U) << "the last retry's cost is refunded, no more";
}

TEST_F(retry_test, CancelledInAPauseAfterAnExceptionItIsCanceled) {
    auto p = policy();
    p.base_delay = p.max_delay = 1h;
    p.idempotent = true;
    const auto guarded = attempt_timeout(1s, time) | retry(p);
    const auto throws = []() -> awaitable<result<int>> {
        throw boost::system::system_error(asio::error::connection_refused);
        co_return 1;
    };
    const auto late = run(guarded(throws));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code(), errc::timed_out);
    EXPECT_EQ(late.error().cause(), asio::error::connection_refused);
    EXPECT_EQ(late.error().attempts(), 1U);
}

TEST_F(retry_test, NestedItCountsEveryAttempt) {
    scripted_calls calls(std::deque<error>(20, error(errc::service_failed)));
    const auto guarded = retry(policy()) | retry(policy());
    EXPECT_EQ(run(guarded(calls)).error().attempts(), 9U);
    EXPECT_EQ(calls.made, 9);
}

TEST_F(retry_test, WhatIsTurnedAwayIsNoAttempt) {
    for (const auto code : {errc::circuit_open, errc::concurrency_limited, errc::rate_limited}) {
        scripted_calls calls({error(errc::service_failed), error(code)});
        const retry again(policy());
        EXPECT_EQ(run(again(calls)).error().attempts(), 1U);
    }
}

TEST_F(retry_test, AFirstTryThatSucceedsEarnsAToken) {
    auto p = policy();
    p.quota = std::make_shared<retry_quota>(500, 100);
    scripted_calls calls({});
    const retry again(p);
    EXPECT_TRUE(run(again(calls)));
    EXPECT_EQ(p.quota->available(), 101U);
}

TEST_F(retry_test, GivesUpAfterItsAttempts) {
    scripted_calls calls(std::deque<error>(9, error(errc::service_failed, "no luck")));
    const retry again(policy());
    const auto failed = run(again(calls));
    EXPECT_EQ(failed.error().code(), errc::service_failed);
    EXPECT_EQ(failed.error().detail(), "no luck");
    EXPECT_EQ(failed.error().attempts(), 3U);
    EXPECT_EQ(calls.made, 3);
}

TEST_F(retry_test, GivesUpAtOnceOnWhatWillNotPass) {
    for (const auto code : {errc::not_found, errc::access_denied, errc::invalid_argument,
                            errc::circuit_open, errc::canceled, errc::precondition_failed}) {
        scripted_calls calls({error(code)});
        const retry again(policy());
        EXPECT_EQ(run(again(calls)).error().code(), code);
        EXPECT_EQ(calls.made, 1) << make_error_code(code).message();
    }
}

TEST_F(retry_test, AnUnknownEffectIsTriedAgainOnlyIfThatDoesNoHarm) {
    for (const bool idempotent : {false, true}) {
        auto p = policy();
        p.idempotent = idempotent;
        scripted_calls calls({error(errc::connection_lost).effect(effect::unknown)});
        const retry again(p);
        EXPECT_EQ(run(again(calls)).has_value(), idempotent);
        EXPECT_EQ(calls.made, idempotent ? 2 : 1);
    }
}

TEST_F(retry_test, WhatAnEarlierAttemptMayHaveDoneStaysUnknown) {
    auto p = policy();
    p.idempotent = true;
    scripted_calls calls({error(errc::connection_lost).effect(effect::unknown),
                          error(errc::access_denied).effect(effect::not_applied)});
    const retry again(p);
    const auto failed = run(again(calls));
    EXPECT_EQ(failed.error().code(), errc::access_denied);
    EXPECT_EQ(failed.error().effect(), effect::unknown);
}

TEST_F(retry_test, PausesGrowUpToALimit) {
    auto p = policy();
    p.max_attempts = 12;
    retry_machine machine(p);
    std::vector<std::chrono::nanoseconds> pauses;
    for (int i = 0; i < 11; ++i) pauses.push_back(machine.on_failure(error(errc::timed_out)).delay);
    EXPECT_EQ(pauses.front(), 50ms);
    EXPECT_EQ(pauses.at(3), 400ms);
    EXPECT_EQ(pauses.back(), 20s);
}

TEST_F(retry_test, PausesAreRandomSoThatClientsSpread) {
    auto p = policy();
    p.random = std::make_shared<constant_random>(chance::least);
    retry_machine machine(p);
    EXPECT_EQ(machine.on_failure(error(errc::timed_out)).delay, 0ns);
}

TEST_F(retry_test, ThrottlingPausesLongerAndCostsLess) {
    const auto p = policy();
    retry_machine machine(p);
    EXPECT_EQ(machine.on_failure(error(errc::throttled)).delay, 1s);
    EXPECT_EQ(p.quota->available(), 495U);
}

TEST_F(retry_test, TheServersWishCountsWithinBounds) {
    for (const auto& [asked, waited] :
         {std::pair(0ms, 50ms), std::pair(1500ms, 1500ms), std::pair(10000ms, 5050ms)}) {
        const auto p = policy();
        retry_machine machine(p);
        EXPECT_EQ(machine.on_failure(error(errc::service_failed).retry_after(asked)).delay, waited);
    }
}

TEST_F(retry_test, StopsWhenItsQuotaIsSpent) {
    auto p = policy();
    p.quota = std::make_shared<retry_quota>(500, 20);
    scripted_calls calls(std::deque<error>(9, error(errc::service_failed)));
    const retry again(p);
    const auto failed = run(again(calls));
    EXPECT_EQ(calls.made, 2);
    EXPECT_EQ(p.quota->available(), 6U);
    EXPECT_NE(failed.error().what().find("too many calls fail"), std::string::npos);
}

TEST_F(retry_test, AQuotaNeverHoldsMoreThanItsCapacity) {
    retry_quota quota(10);
    quota.give(5);
    EXPECT_EQ(quota.available(), 10U);
    EXPECT_FALSE(quota.take(11));
    EXPECT_EQ(quota.available(), 10U) << "all or nothing";
}

TEST_F(retry_test, WrapsAwaitablesThatThrow) {
    int made = 0;
    const auto flaky = [&]() -> awaitable<std::string> {
        if (++made < 3) throw boost::system::system_error(asio::error::connection_reset);
        co_return "at last";
    };
    auto p = policy();
    p.idempotent = true;
    const retry again(p);
    EXPECT_EQ(run(again(flaky)), "at last");

    const auto broken = [&]() -> awaitable<std::string> {
        ++made;
        throw std::logic_error("a mistake");
        co_return "";
    };
    made = 0;
    EXPECT_THROW(run(again(broken)), std::logic_error);
    EXPECT_EQ(made, 1);
}

TEST_F(retry_test, WrapsAwaitablesOfNothing) {
    int made = 0;
    const auto quiet = [&]() -> awaitable<void> {
        ++made;
        co_return;
    };
    const retry again(policy());
    run(again(quiet));
    EXPECT_EQ(made, 1);
}

TEST_F(retry_test, CancelledAnywhereItEndsAndTellsOfTheLastAttempt) {
    std::optional<error> seen;
    const retry again([&] {
        auto p = policy();
        p.idempotent = true;
        return p;
    }());
    const auto make = [&]() -> awaitable<void> {
        scripted_calls calls(
            std::deque<error>(2, error(errc::connection_lost, "cut").effect(effect::unknown)));
        const auto ended = co_await again(calls);
        if (!ended) seen = ended.error();
    };
    const auto cancelled = cancel_everywhere(make, [&](int) {
        if (!seen) return;
        EXPECT_EQ(seen->code(), errc::canceled);
        EXPECT_EQ(seen->cause(), errc::connection_lost);
        EXPECT_EQ(seen->effect(), effect::unknown);
        EXPECT_NE(seen->what().find("cut"), std::string::npos) << *seen;
    });
    EXPECT_GT(cancelled, 1);
    EXPECT_TRUE(seen) << "no cancellation fell into a pause";
}

TEST_F(retry_test, WhatIsKnownToBeDoneIsNeverTriedAgain) {
    auto p = policy();
    p.idempotent = true;
    scripted_calls calls({error(errc::connection_lost).effect(effect::applied)});
    const retry again(p);
    const auto failed = run(again(calls));
    EXPECT_EQ(failed.error().code(), errc::connection_lost);
    EXPECT_EQ(failed.error().effect(), effect::applied);
    EXPECT_EQ(calls.made, 1);
    EXPECT_EQ(p.quota->available(), 500U);
}

}  // namespace
}  // namespace cairn
