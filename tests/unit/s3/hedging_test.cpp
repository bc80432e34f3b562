#include "recorded_server.hpp"

#include <boost/asio/buffer.hpp>

namespace cairn::s3 {
namespace {

using namespace std::chrono_literals;
using test::reply;

class hedging_test : public recorded_server {
  protected:
    // What a connection does with each of its requests.
    struct manner {
        std::chrono::nanoseconds waits;
        std::string answer;
    };
    // The n-th connection has the n-th manner, further ones the last.
    test::script with_manners(std::vector<manner> all) {
        return [this, all = std::move(all)](test::peer& at, int n) -> awaitable<void> {
            const auto& mine = all[std::min<std::size_t>(n, all.size() - 1)];
            for (;;) {
                auto request = co_await at.read_request();
                if (request.empty()) co_return;
                requests.push_back(std::move(request));
                co_await time->sleep_until(time->now() + mine.waits);
                co_await at.send(mine.answer);
            }
        };
    }
    // Each request is late enough to be hedged.
    test::script slowly(std::function<std::string(const std::string&)> answer) {
        return answering(std::move(answer), 60ms);
    }
    client connect(test::script server, resilience chosen) {
        auto config = config_for(std::move(server), test::constant_random::side::greatest);
        config.resilience = std::move(chosen);
        return client::create(std::move(config)).value();
    }
    static resilience hedged() {
        resilience chosen;
        chosen.hedge.emplace();
        return chosen;
    }
    std::string text_of(body::reader& body) {
        const auto read = [&]() -> awaitable<std::string> {
            std::string text(64, '\0');
            const auto n = co_await body.read_some(asio::buffer(text));
            text.resize(n.value());
            co_return text;
        };
        return run(read());
    }
};

TEST_F(hedging_test, TheReplyThatComesFirstCounts) {
    const auto s3 =
        connect(with_manners({{1h, reply(200, "first")}, {10ms, reply(200, "second")}}), hedged());
    const auto from = time->now();
    auto got = run(s3.get_object("bucket", "key"));
    ASSERT_TRUE(got) << got.error();
    EXPECT_EQ(time->now() - from, 60ms);
    EXPECT_EQ(requests.size(), 2U);
    EXPECT_EQ(net->open(), 1) << "the slow connection was kept";
    EXPECT_EQ(text_of(got->body), "second");
    EXPECT_TRUE(run(s3.get_object("bucket", "key")));
    EXPECT_EQ(net->connections(), 2) << "the quick connection was not used again";
}

TEST_F(hedging_test, TheFirstMayBeIt) {
    const auto s3 =
        connect(with_manners({{70ms, reply(200, "first")}, {1h, reply(200, "second")}}), hedged());
    auto got = run(s3.get_object("bucket", "key"));
    ASSERT_TRUE(got) << got.error();
    EXPECT_EQ(requests.size(), 2U);
    EXPECT_EQ(net->open(), 1);
    EXPECT_EQ(text_of(got->body), "first");
}

TEST_F(hedging_test, HeadsAreHedgedAndWritesAreNot) {
    const auto s3 = connect(
        with_manners({{1s, reply(200)}, {10ms, reply(200, "", "ETag: \"two\"\r\n")}}), hedged());
    EXPECT_EQ(run(s3.head_object("bucket", "key")).value().etag, "\"two\"");
    requests.clear();
    const auto slow = connect(with_manners({{1s, reply(200)}}), hedged());
    EXPECT_TRUE(run(slow.put_object("bucket", "key", "x")));
    EXPECT_TRUE(run(slow.delete_object("bucket", "key")));
    EXPECT_EQ(requests.size(), 2U);
}

TEST_F(hedging_test, OffUnlessAskedFor) {
    const auto s3 = connect(with_manners({{1s, reply(200)}}), resilience());
    EXPECT_TRUE(run(s3.get_object("bucket", "key")));
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(hedging_test, BothMayFailAndAreTriedAgain) {
    const auto s3 = connect(with_manners({{70ms, reply(500)}}), hedged());
    const auto failed = run(s3.get_object("bucket", "key"));
    EXPECT_EQ(failed.error().code(), errc::service_failed);
    EXPECT_EQ(failed.error().attempts(), 6U);
    EXPECT_EQ(requests.size(), 6U);
}

TEST_F(hedging_test, AFailureLeavesItToTheOther) {
    const auto s3 =
        connect(with_manners({{60ms, reply(500)}, {60ms, reply(200, "second")}}), hedged());
    auto got = run(s3.get_object("bucket", "key"));
    ASSERT_TRUE(got) << got.error();
    EXPECT_EQ(text_of(got->body), "second");
    EXPECT_EQ(requests.size(), 2U);
}

TEST_F(hedging_test, WhereOneConnectionIsAllTheSecondWaitsForTheEndOfTheFirst) {
    const auto dying = [this](test::peer& at, int n) -> awaitable<void> {
        co_await at.read_request();
        co_await time->sleep_until(time->now() + 60ms);
        if (n > 0) co_await at.send(reply(200, "second"));
    };
    auto config = config_for(dying, test::constant_random::side::greatest);
    config.resilience = hedged();
    config.resilience.retry.reset();
    config.pool.max_connections_per_host = 1;
    const auto s3 = client::create(std::move(config)).value();
    auto got = run(s3.get_object("bucket", "key"));
    ASSERT_TRUE(got) << got.error();
    EXPECT_EQ(text_of(got->body), "second");
}

TEST_F(hedging_test, WhatBothAreToldIsPutRight) {
    const auto moved = reply(301, "", "x-amz-bucket-region: eu-west-1\r\n");
    const auto moving = slowly([moved](const std::string& request) {
        return request.find("/eu-west-1/s3/") != std::string::npos ? reply(200) : moved;
    });
    const auto s3 = connect(moving, hedged());
    EXPECT_TRUE(run(s3.head_object("bucket", "key")));
    EXPECT_EQ(requests.size(), 4U);
}

TEST_F(hedging_test, TheAttemptsTimeLimitEndsBoth) {
    auto limited = hedged();
    limited.attempt_timeout = 5s;
    limited.retry->max_attempts = 1;
    const auto s3 = connect(with_manners({{1h, reply(200)}}), limited);
    const auto from = time->now();
    const auto late = run(s3.get_object("bucket", "key"));
    EXPECT_EQ(late.error().code(), errc::timed_out);
    EXPECT_EQ(late.error().attempts(), 2U);
    EXPECT_EQ(time->now() - from, 5s);
    EXPECT_EQ(net->open(), 0);
}

TEST_F(hedging_test, CancelledAnywhereItHoldsNothing) {
    const auto make = [&]() -> awaitable<void> {
        requests.clear();
        const auto s3 = connect(slowly([this](const std::string&) {
                                    return reply(requests.size() <= 2 ? 500 : 200, "got");
                                }),
                                hedged());
        auto got = co_await s3.get_object("bucket", "key");
        if (got) co_return;
        EXPECT_EQ(got.error().code(), errc::canceled) << got.error();
    };
    const auto cancelled =
        cancel_everywhere(make, [&](int n) { EXPECT_TRUE(!net || net->open() == 0) << n; });
    EXPECT_GT(cancelled, 20);
}

}  // namespace
}  // namespace cairn::s3
