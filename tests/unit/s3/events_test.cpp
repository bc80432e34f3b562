#include "recorded_server.hpp"
#include "support/recorded_events.hpp"

#include <boost/asio/detached.hpp>
#include <gmock/gmock.h>

namespace cairn::s3 {
namespace {

using namespace std::chrono_literals;
using test::reply;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class events_test : public recorded_server {
  protected:
    client_config config(std::vector<std::string> answers) {
        auto c = config_for(recording(std::move(answers)), test::constant_random::side::greatest);
        c.sink = events.sink();
        return c;
    }
    static client connect(client_config c) { return client::create(std::move(c)).value(); }

    test::recorded_events events;
};

TEST_F(events_test, OfACallThatSucceeds) {
    const auto s3 = connect(config({reply(200)}));
    ASSERT_TRUE(run(s3.put_object("bucket", "key", "x")));
    EXPECT_THAT(events.lines,
                ElementsAre("call 1: PutObject s3://bucket/key", "call 1: attempt 1",
                            "call 1: resolve s3.example took 0.000 ms, done",
                            "call 1: connect 192.0.2.1:80 took 0.000 ms, done",
                            "call 1: new connection to http://s3.example:80 after 0.000 ms",
                            "call 1: HTTP 200 after 0.000 ms",
                            "call 1: attempt 1 ended after 0.000 ms, done",
                            "call 1: ended after 0.000 ms and 1 attempt, done"));
    events.lines.clear();
    ASSERT_TRUE(run(s3.put_object("bucket", "key", "x")));
    EXPECT_EQ(events.lines.at(2), "call 2: idle connection to http://s3.example:80 after 0.000 ms");
}

TEST_F(events_test, OfACallThatIsTriedAgainInVain) {
    const auto s3 = connect(config({reply(500)}));
    ASSERT_FALSE(run(s3.put_object("bucket", "key", "x")));
    std::vector<std::string> told;
    for (const auto& line : events.lines)
        if (line.find("connect") == line.npos && line.find("resolve") == line.npos)
            told.push_back(line.substr(0, line.find(" s3://bucket/key: ")));
    EXPECT_THAT(told,
                ElementsAre("call 1: PutObject s3://bucket/key", "call 1: attempt 1",
                            "call 1: HTTP 500 after 0.000 ms",
                            "call 1: attempt 1 ended after 0.000 ms, failed: PutObject",
                            "call 1: tries again in 50.000 ms", "call 1: attempt 2",
                            "call 1: HTTP 500 after 0.000 ms",
                            "call 1: attempt 2 ended after 0.000 ms, failed: PutObject",
                            "call 1: tries again in 100.000 ms", "call 1: attempt 3",
                            "call 1: HTTP 500 after 0.000 ms",
                            "call 1: attempt 3 ended after 0.000 ms, failed: PutObject",
                            "call 1: is not tried again: no attempts are left",
                            "call 1: ended after 150.000 ms and 3 attempts, failed: PutObject"));
}

TEST_F(events_test, OfASlowCallItsSecondRequest) {
    auto c = config_for(answering([](const std::string&) { return reply(200); }, 60ms),
                        test::constant_random::side::greatest);
    c.sink = events.sink();
    c.resilience.hedge.emplace();
    const auto s3 = connect(std::move(c));
    ASSERT_TRUE(run(s3.head_object("bucket", "key")));
    EXPECT_THAT(events.lines,
                ::testing::Contains("call 1: begun once more beside itself after 50.000 ms"));
}

TEST_F(events_test, OfABodyItsEnd) {
    const auto s3 = connect(config({reply(200, "hello")}));
    const auto read = [&]() -> awaitable<void> {
        auto got = co_await s3.get_object("bucket", "key");
        const auto all = co_await got->body.read_all(100);
        EXPECT_EQ(*all, "hello");
    };
    run(read());
    EXPECT_EQ(events.lines.back(), "call 1: body ended after 5 bytes, done");
}

TEST_F(events_test, OfABodyTheClientMayBeGone) {
    std::optional<get_object_output> got;
    {
        const auto s3 = connect(config({"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"}));
        auto given = run(s3.get_object("bucket", "key"));
        got.emplace(std::move(given.value()));
    }
    const auto all = run(got->body.read_all(100));
    EXPECT_FALSE(all);
    EXPECT_THAT(events.lines.back(), StartsWith("call 1: body ended after 5 bytes, failed: "));
}

TEST_F(events_test, OfQueues) {
    auto with = config({reply(200)});
    rate_limit_options one_a_second(1);
    one_a_second.clock = time;
    with.resilience.rate_limit.emplace(one_a_second);
    const auto s3 = connect(std::move(with));
    const auto held = [&]() -> awaitable<void> {
        const auto put = co_await s3.put_object("bucket", "key", "x");
        EXPECT_TRUE(put);
    };
    asio::co_spawn(context, held(), asio::detached);
    asio::co_spawn(context, held(), asio::detached);
    settle();
    EXPECT_THAT(events.lines, ::testing::Contains(
                                  "call 2: waited in the queue of the rate limit for 1000.000 ms"));
}

TEST_F(events_test, OfThePoolsQueue) {
    auto with = config({reply(200)});
    with.pool.max_connections_per_host = 1;
    const auto s3 = connect(std::move(with));
    const auto put = [&]() -> awaitable<void> { co_await s3.put_object("bucket", "key", "x"); };
    asio::co_spawn(context, put(), asio::detached);
    asio::co_spawn(context, put(), asio::detached);
    settle();
    EXPECT_THAT(events.lines,
                ::testing::Contains("call 2: waited in the queue of the connection pool for 0.000 "
                                    "ms"));
}

TEST_F(events_test, OfTheBreakerAndThoseItTurnsAway) {
    auto with = config({reply(500)});
    with.resilience.retry.reset();
    with.resilience.breaker->minimum_calls = 2;
    const auto s3 = connect(std::move(with));
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(run(s3.put_object("bucket", "key", "x")));
    EXPECT_THAT(events.lines, ::testing::Contains("circuit breaker of http://s3.example: closed -> "
                                                  "open"));
    const auto turned_away = events.lines.at(events.lines.size() - 2);
    EXPECT_THAT(
        turned_away,
        StartsWith("call 3: turned away by the circuit breaker, failed: PutObject s3://bucket/key: "
                   "the circuit breaker is open"));
}

TEST_F(events_test, OfACancelledCallTheEnd) {
    const auto s3 = connect(config({reply(200)}));
    const auto put = [&]() -> awaitable<void> { co_await s3.put_object("bucket", "key", "x"); };
    const int cancelled = cancel_everywhere(put, [&](int n) {
        EXPECT_THAT(events.lines.back(), HasSubstr(": ended after ")) << n;
        events.lines.clear();
    });
    EXPECT_GT(cancelled, 3);
}

}  // namespace
}  // namespace cairn::s3
