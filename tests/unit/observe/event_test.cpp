#include "support/recorded_events.hpp"

#include <cairn/observe.hpp>

#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>

namespace cairn::observe {
namespace {

using namespace std::chrono_literals;

std::string whole_line(const event::type& what, std::uint64_t call) {
    std::ostringstream out;
    out << event{call, {}, what};
    return out.str();
}

// Without whose it is.
std::string line(const event::type& what) {
    const std::string prefix = "call 7: ";
    const auto whole = whole_line(what, 7);
    return whole.starts_with(prefix) ? whole.substr(prefix.size()) : whole;
}

TEST(event, HasALineOfText) {
    const error lost(errc::connection_lost, "the connection ended before a reply came");
    EXPECT_EQ(line(call_started{"GetObject s3://b/k"}), "GetObject s3://b/k");
    EXPECT_EQ(line(call_ended{1500us, 1, nullptr}), "ended after 1.500 ms and 1 attempt, done");
    EXPECT_EQ(
        line(call_ended{2s, 3, &lost}),
        "ended after 2000.000 ms and 3 attempts, failed: connection lost: the connection ended "
        "before a reply came");
    EXPECT_EQ(line(attempt_started{2}), "attempt 2");
    EXPECT_EQ(line(attempt_ended{2, 3ms, nullptr}), "attempt 2 ended after 3.000 ms, done");
    EXPECT_EQ(line(retry_scheduled{50ms}), "tries again in 50.000 ms");
    EXPECT_EQ(line(retry_given_up{"no attempts are left"}),
              "is not tried again: no attempts are left");
    EXPECT_EQ(line(call_rejected{"rate limit", &lost}).substr(0, 35),
              "turned away by the rate limit, fail");
    EXPECT_EQ(line(call_queued{"connection pool", 1ms}),
              "waited in the queue of the connection pool for 1.000 ms");
    EXPECT_EQ(line(call_corrected{"the region eu-west-1"}),
              "tries again at once, with the region eu-west-1");
    EXPECT_EQ(line(call_hedged{50ms}), "begun once more beside itself after 50.000 ms");
    EXPECT_EQ(line(breaker_changed{"", "open", "half open"}), "circuit breaker: open -> half open");
    EXPECT_EQ(line(connection_step{"connect", "192.0.2.1:80", 1ms, nullptr}),
              "connect 192.0.2.1:80 took 1.000 ms, done");
    EXPECT_EQ(line(connection_acquired{"http://a:80", true, 0ms}),
              "idle connection to http://a:80 after 0.000 ms");
    EXPECT_EQ(line(reply_begun{404, 12ms}), "HTTP 404 after 12.000 ms");
    EXPECT_EQ(line(body_ended{10, nullptr}), "body ended after 10 bytes, done");
}

TEST(event, SaysWhose) {
    EXPECT_EQ(whole_line(attempt_started{1}, 12), "call 12: attempt 1");
    EXPECT_EQ(whole_line(call_queued{"rate limit", 1ms}, 0),
              "a call: waited in the queue of the rate limit for 1.000 ms");
    EXPECT_EQ(whole_line(breaker_changed{"s3", "closed", "open"}, 0),
              "circuit breaker of s3: closed -> open");
}

TEST(event, LeavesTheStreamAsItWas) {
    std::ostringstream out;
    out << event{0, {}, retry_scheduled{50ms}} << " " << 0.5;
    EXPECT_EQ(out.str(), "a call: tries again in 50.000 ms 0.5");
}

TEST(trace, WithoutASinkIsFalse) {
    EXPECT_FALSE(trace());
    EXPECT_FALSE(trace().of_call());
}

TEST(trace, NumbersCallsAndTellsTheTime) {
    const auto time = system_clock();
    std::vector<std::uint64_t> calls;
    struct numbers final : sink {
        explicit numbers(std::vector<std::uint64_t>& c) : calls(c) {}
        void on(const event& e) noexcept override {
            EXPECT_NE(e.at, clock::time_point());
            calls.push_back(e.call);
        }
        std::vector<std::uint64_t>& calls;
    } listener(calls);
    const trace shared(&listener, time.get());
    shared.tell(attempt_started{1});
    const auto first = shared.of_call();
    const auto second = shared.of_call();
    second.tell(attempt_started{1});
    first.tell(attempt_started{1});
    EXPECT_EQ(calls, (std::vector<std::uint64_t>{0, 2, 1}));
}

TEST(line_sink, KeepsItsOwnFailuresToItself) {
    const auto broken =
        line_sink([](const std::string&) { throw std::runtime_error("disk full"); });
    broken->on({0, {}, attempt_started{1}});
}

TEST(line_sink, WantsAFunction) {
    EXPECT_THROW(line_sink(nullptr), std::invalid_argument);
}

}  // namespace
}  // namespace cairn::observe
