#include "recorded_server.hpp"

namespace cairn::s3 {
namespace {

using namespace std::chrono_literals;
using test::reply;

class time_limits_test : public recorded_server {
  protected:
    client_config config() {
        const auto silent = [this](test::peer& at, int) -> awaitable<void> {
            requests.push_back(co_await at.read_request());
            co_await at.read_to_end();
        };
        return config_for(silent, test::constant_random::side::least);
    }
    static client connect(client_config with) { return client::create(std::move(with)).value(); }
    clock::duration took(const error& e) { return e.elapsed() / e.attempts(); }
};

TEST_F(time_limits_test, ASilentServerIsGivenUpAndTriedAgain) {
    const auto got = run(connect(config()).get_object("bucket", "key"));
    EXPECT_EQ(got.error().code(), errc::timed_out);
    EXPECT_EQ(got.error().detail(),
              "no byte for 30 s, before a reply came (time limit: first_byte)");
    EXPECT_EQ(got.error().attempts(), 3U);
    EXPECT_EQ(took(got.error()), 30s);
    EXPECT_EQ(got.error().effect(), effect::none);
    EXPECT_EQ(net->open(), 0);
}

TEST_F(time_limits_test, AConditionalWriteWithoutAReplyIsUnknownAndNotTriedAgain) {
    put_object request("bucket", "key");
    request.body = "x";
    request.if_none_match = "*";
    const auto put = run(connect(config()).send(std::move(request)));
    EXPECT_EQ(put.error().code(), errc::timed_out);
    EXPECT_EQ(put.error().attempts(), 1U);
    EXPECT_EQ(put.error().effect(), effect::unknown);
}

TEST_F(time_limits_test, WhatMayTakeLongHasALimitOfItsOwn) {
    const auto s3 = connect(config());
    const auto copied = run(s3.copy_object("bucket", "from", "bucket", "to"));
    EXPECT_EQ(copied.error().code(), errc::timed_out);
    EXPECT_EQ(took(copied.error()), 10min);
}

TEST_F(time_limits_test, NoneMeansNone) {
    auto with = config();
    with.time_limits = wire::time_limits::none();
    with.resilience = resilience::none();
    with.resilience.total_deadline = 24h;
    const auto got = run(connect(std::move(with)).get_object("bucket", "key"));
    EXPECT_EQ(got.error().code(), errc::timed_out);
    EXPECT_EQ(took(got.error()), 24h);
}

// io_context::run returns when all that is left is a body that nobody reads.
TEST_F(time_limits_test, ABodyThatIsOnlyHeldSetsNoAlarm) {
    const auto s3 =
        connect(config_for(recording({"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"}),
                           test::constant_random::side::least));
    auto got = run(s3.get_object("bucket", "key"));
    ASSERT_TRUE(got);
    EXPECT_FALSE(time->advance_to_next());
    std::string piece(2, '\0');
    EXPECT_EQ(run(got->body.read(asio::buffer(piece))).value(), 2U);
    EXPECT_FALSE(time->advance_to_next());
}

TEST_F(time_limits_test, ABodyThatStopsSaysWhoseAndWhere) {
    const auto s3 =
        connect(config_for(recording({"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"}),
                           test::constant_random::side::least));
    const auto read = [&]() -> awaitable<error> {
        auto got = co_await s3.get_object("bucket", "key");
        const auto all = co_await got->body.read_all(100);
        co_return all.error();
    };
    const auto e = run(read());
    EXPECT_EQ(e.code(), errc::timed_out);
    EXPECT_EQ(e.operation(), "GetObject s3://bucket/key");
    EXPECT_EQ(e.detail(),
              "no byte for 20 s, after 3 of 10 bytes of the reply's body (time limit: stall)");
}

}  // namespace
}  // namespace cairn::s3
