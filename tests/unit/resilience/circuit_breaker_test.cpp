#include "calls.hpp"

#include <cairn/resilience/circuit_breaker.hpp>

namespace cairn {
namespace {

using namespace std::chrono_literals;
using state = circuit_breaker::state;

class circuit_breaker_test : public test::io {
  protected:
    circuit_breaker_options options() {
        circuit_breaker_options o;
        o.name = "example";
        o.minimum_calls = 2;
        o.probes = 1;
        o.clock = time;
        o.random = std::make_shared<constant_random>(chance::greatest);
        return o;
    }
    // Calls that fail like this, as often as it takes to open.
    void fail(const circuit_breaker& b, errc code, int times = 2) {
        scripted_calls calls(std::deque<error>(static_cast<std::size_t>(times), error(code)));
        for (int i = 0; i < times; ++i) EXPECT_EQ(run(b(calls)).error().code(), code);
    }
};

TEST_F(circuit_breaker_test, TurnsCallsAwayWhileTheServiceFails) {
    const circuit_breaker b(options());
    fail(b, errc::connect_failed);
    scripted_calls calls({});
    const auto refused = run(b(calls));
    EXPECT_EQ(refused.error().code(), errc::circuit_open);
    EXPECT_EQ(refused.error().retry_after(), 5500ms);
    EXPECT_NE(refused.error().what().find("example"), std::string::npos) << refused.error();
    EXPECT_EQ(calls.made, 0);
    time->advance(6s);
    EXPECT_EQ(b.current(), state::half_open);
    EXPECT_TRUE(run(b(calls)));
    EXPECT_EQ(b.current(), state::closed);
}

TEST_F(circuit_breaker_test, RefusalsAndThrottlingAreNoFailures) {
    for (const auto code :
         {errc::access_denied, errc::not_found, errc::conflict, errc::precondition_failed,
          errc::not_modified, errc::throttled, errc::canceled, errc::invalid_argument}) {
        const circuit_breaker b(options());
        fail(b, code, 50);
        EXPECT_EQ(b.current(), state::closed) << make_error_code(code).message();
    }
}

TEST_F(circuit_breaker_test, WhatTheServiceCantAnswerIsAFailure) {
    for (const auto code : {errc::connect_failed, errc::tls_failed, errc::timed_out,
                            errc::connection_lost, errc::service_failed}) {
        const circuit_breaker b(options());
        fail(b, code);
        EXPECT_EQ(b.current(), state::open) << make_error_code(code).message();
    }
}

TEST_F(circuit_breaker_test, ExceptionsOfTheNetworkAreFailures) {
    const circuit_breaker b(options());
    const auto broken = []() -> awaitable<int> {
        throw boost::system::system_error(asio::error::connection_refused);
        co_return 1;
    };
    for (int i = 0; i < 2; ++i) EXPECT_THROW(run(b(broken)), boost::system::system_error);
    EXPECT_EQ(b.current(), state::open);
    try {
        run(b(broken));
        ADD_FAILURE() << "it was called";
    } catch (const error_exception& e) {
        EXPECT_EQ(e.error().code(), errc::circuit_open);
    }
}

TEST_F(circuit_breaker_test, CopiesAreOneBreaker) {
    const circuit_breaker one(options());
    auto other = one;
    fail(one, errc::timed_out);
    EXPECT_EQ(other.current(), state::open);
    other.reset();
    EXPECT_EQ(one.current(), state::closed);
    other.isolate();
    scripted_calls calls({});
    const auto refused = run(one(calls));
    EXPECT_NE(refused.error().what().find("by hand"), std::string::npos) << refused.error();
}

TEST_F(circuit_breaker_test, CancelledAnywhereItLeaksNoPermit) {
    const circuit_breaker b(options());
    fail(b, errc::timed_out);
    time->advance(6s);
    const auto slow = [&]() -> awaitable<result<int>> {
        co_await time->sleep_until(time->now() + 1s);
        co_await time->sleep_until(time->now() + 1s);
        co_return error(errc::canceled);  // says nothing, so that every run is a probe
    };
    const auto make = [&]() -> awaitable<void> { co_await b(slow); };
    const auto cancelled = cancel_everywhere(make, [&](int n) {
        ASSERT_EQ(b.current(), state::half_open) << n;
        const auto leave = b.acquire();
        EXPECT_TRUE(leave) << "the only permit is lost after a cancellation at " << n;
    });
    EXPECT_GT(cancelled, 2);
}

TEST_F(circuit_breaker_test, APermitEndsOnce) {
    const circuit_breaker b(options());
    {
        auto one = b.acquire();
        auto two = b.acquire();
        one->ended(health::bad);
        one->ended(health::bad);
        EXPECT_EQ(b.current(), state::closed);
        auto moved = std::move(*two);
        moved.ended(health::bad);
    }
    EXPECT_EQ(b.current(), state::open);
}

}  // namespace
}  // namespace cairn
