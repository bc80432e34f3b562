#include "support/constant_random.hpp"
#include "support/io.hpp"
#include "support/peer.hpp"
#include "wire/connection_pool.hpp"
#include "wire/exchange.hpp"

#include <gmock/gmock.h>

namespace cairn::wire {
namespace {

using namespace std::chrono_literals;
using test::reply;
using ::testing::HasSubstr;

// Gives its pieces, each after a pause.
class slow_body final : public body_source {
  public:
    slow_body(clock& time, clock::duration pause, std::size_t pieces)
        : time_(time), pause_(pause), left_(pieces), all_(pieces) {}
    std::uint64_t size() const noexcept override { return all_ * piece_.size(); }
    bool rewind() noexcept override { return false; }
    awaitable<result<asio::const_buffer>> next() override {
        if (left_ == 0) co_return asio::const_buffer();
        --left_;
        co_await time_.sleep_until(time_.now() + pause_);
        co_return asio::buffer(piece_);
    }

  private:
    clock& time_;
    clock::duration pause_;
    std::size_t left_;
    std::size_t all_;
    std::string piece_ = std::string(40'000, 'x');
};

struct end {
    end() = default;
    error failed;
    std::string body;
    clock::duration took{};
    bool reusable = false;
};

class time_limits_test : public test::io {
  protected:
    time_limits_test() {
        limits.first_byte = 30s;
        limits.stall = 10s;
    }

    end talk(test::script server, body_source* body = nullptr, clock::duration reader_pause = {}) {
        test::simulated_transport net(std::move(server));
        net.window = 10'000;
        return run(converse(net, time, limits, body, reader_pause));
    }
    static awaitable<end> converse(test::simulated_transport& net, std::shared_ptr<clock> k,
                                   time_limits limits, body_source* body,
                                   clock::duration reader_pause) {
        const auto started = k->now();
        auto stream = co_await net.connect({});
        connection on(std::move(*stream), k);
        exchange once(on, *k, {}, limits);
        request_head head;
        head.method = "PUT";
        head.target = "/";
        if (body) head.headers.add("Content-Length", std::to_string(body->size()));
        end e;
        std::string piece(1000, '\0');
        const auto replied = co_await once.run(outgoing(&head, body));
        if (!replied) e.failed = replied.error();
        while (replied) {
            const auto n = co_await once.read_some(asio::buffer(piece));
            if (!n) e.failed = n.error();
            if (!n || *n == 0) break;
            e.body.append(piece, 0, *n);
            if (reader_pause > 0s) co_await k->sleep_until(k->now() + reader_pause);
        }
        e.took = k->now() - started;
        e.reusable = once.reusable();
        co_return e;
    }
    awaitable<void> pass(clock::duration d) { return time->sleep_until(time->now() + d); }
    // Sends `data` in pieces of `n` bytes, each after a pause.
    static awaitable<void> drip(test::peer& at, clock& k, std::string data, std::size_t n,
                                clock::duration pause) {
        for (std::size_t i = 0; i < data.size(); i += n) {
            co_await k.sleep_until(k.now() + pause);
            co_await at.send(data.substr(i, n));
        }
    }

    time_limits limits;
};

TEST_F(time_limits_test, AReplyThatDoesNotBegin) {
    const auto e = talk([](test::peer& at, int) { return at.read_to_end(); });
    EXPECT_EQ(e.failed.code(), errc::timed_out);
    EXPECT_EQ(e.failed.detail(), "no byte for 30 s, before a reply came (time limit: first_byte)");
    EXPECT_EQ(e.took, 30s);
    EXPECT_FALSE(e.reusable);
}

TEST_F(time_limits_test, AReplyThatBeginsInTime) {
    const auto e = talk([&](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await pass(29s);
        co_await at.send(reply(200, "late"));
        co_await at.read_to_end();
    });
    EXPECT_EQ(e.body, "late");
    EXPECT_TRUE(e.reusable);
}

TEST_F(time_limits_test, TheLongestAreNone) {
    const auto late = [&](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await pass(24h);
        co_await at.send(reply(200, "late"));
        co_await at.read_to_end();
    };
    constexpr auto longest = clock::duration::max();
    for (const auto stall : {longest, 0ns, -1ns})
        for (const auto first_byte : {longest, 0ns, -1ns}) {
            limits.first_byte = first_byte;
            limits.stall = stall;
            const auto e = talk(late);
            EXPECT_EQ(e.body, "late") << e.failed;
        }
}

TEST_F(time_limits_test, AHeadThatStops) {
    const auto e = talk([&](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await pass(25s);
        co_await at.send("HTTP/1.1 200 OK\r\n");
        co_await at.read_to_end();
    });
    EXPECT_EQ(e.failed.detail(), "no byte for 10 s, inside the reply's head (time limit: stall)");
    EXPECT_EQ(e.took, 35s) << "the shorter limit counts from the stage's begin";
}

TEST_F(time_limits_test, ABodyThatStops) {
    const auto e = talk([](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await at.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
        co_await at.read_to_end();
    });
    EXPECT_EQ(e.failed.code(), errc::timed_out);
    EXPECT_EQ(e.failed.detail(),
              "no byte for 10 s, after 3 of 100 bytes of the reply's body (time limit: stall)");
    EXPECT_EQ(e.took, 10s);
}

TEST_F(time_limits_test, ABodyWithoutLengthThatStopsHasNotEnded) {
    const auto e = talk([](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await at.send("HTTP/1.1 200 OK\r\n\r\nabc");
        co_await at.read_to_end();
    });
    EXPECT_EQ(e.failed.code(), errc::timed_out);
    EXPECT_THAT(e.failed.detail(), HasSubstr("after 3 bytes of the reply's body, before its end"));
}

TEST_F(time_limits_test, AChunkedBodyThatStops) {
    const auto e = talk([](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await at.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
        co_await at.read_to_end();
    });
    EXPECT_EQ(e.body, "hel");
    EXPECT_EQ(e.failed.code(), errc::timed_out);
}

TEST_F(time_limits_test, WhatGoesOnMayTakeAnyTime) {
    const auto e = talk([&](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await drip(at, *time, reply(200, std::string(100, 'x')), 1, 9s);
        co_await at.read_to_end();
    });
    EXPECT_EQ(e.body.size(), 100u);
    EXPECT_GT(e.took, 15min);
}

TEST_F(time_limits_test, WhatOnlyDripsIsAStall) {
    limits.stall_bytes = 50;
    const auto e = talk([&](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await at.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        co_await drip(at, *time, std::string(1000, 'x'), 40, 8s);
        co_await at.read_to_end();
    });
    EXPECT_EQ(e.failed.code(), errc::timed_out);
    EXPECT_THAT(e.failed.detail(), HasSubstr("only 40 bytes for 10 s"));
}

TEST_F(time_limits_test, ARequestThatIsNotTaken) {
    slow_body body(*time, 0s, 10);
    const auto e = talk(
        [&](test::peer& at, int) -> awaitable<void> {
            co_await at.read(50'000);
            co_await pass(1h);
        },
        &body);
    EXPECT_EQ(e.failed.code(), errc::timed_out);
    EXPECT_EQ(e.failed.detail(),
              "no byte for 10 s, while the request was being sent (time limit: stall)");
    EXPECT_EQ(e.took, 10s);
}

TEST_F(time_limits_test, OnesOwnTimeDoesNotCount) {
    slow_body body(*time, 5min, 3);
    const auto e = talk(
        [](test::peer& at, int) -> awaitable<void> {
            co_await at.read_head();
            co_await at.read(120'000);
            co_await at.send(reply(200, std::string(20'000, 'y')));
            co_await at.read_to_end();
        },
        &body, 1min);
    EXPECT_EQ(e.body.size(), 20'000u) << e.failed;
    EXPECT_GT(e.took, 30min);
}

TEST_F(time_limits_test, NoneMeansNone) {
    limits = time_limits::none();
    const auto e = talk([&](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await pass(24h);
        co_await at.send(reply(200, "late"));
        co_await at.read_to_end();
    });
    EXPECT_EQ(e.body, "late");
}

TEST_F(time_limits_test, EachStageHasItsOwn) {
    limits.first_byte = 0s;
    const auto e = talk([&](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await pass(1h);
        co_await at.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
        co_await at.read_to_end();
    });
    EXPECT_THAT(e.failed.detail(), HasSubstr("after 0 of 4 bytes"));
    EXPECT_EQ(e.took, 1h + 10s);
}

TEST_F(time_limits_test, AnEndedExchangeLeavesNoAlarm) {
    const auto e = talk(test::replies({reply(200, "x")}));
    EXPECT_TRUE(e.reusable);
    EXPECT_FALSE(time->advance_to_next());
}

TEST_F(time_limits_test, CancelledAnywhereItLeavesNoAlarm) {
    test::simulated_transport net([&](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await drip(at, *time, reply(200, std::string(30, 'x')), 10, 1s);
        co_await at.read_to_end();
    });
    const auto whole = [&]() -> awaitable<void> {
        co_await converse(net, time, limits, nullptr, 0s);
    };
    const int cancelled =
        cancel_everywhere(whole, [&](int n) { EXPECT_EQ(net.open(), 0) << "after " << n; });
    EXPECT_GT(cancelled, 5);
}

// A network on which one stage of connecting never ends.
class stuck_transport final : public transport {
  public:
    enum class stage { resolve, connect, secure };
    stuck_transport(stage stuck, clock& time)
        : stuck_(stuck), time_(time), net_(test::replies({reply(200)})) {}

    awaitable<result<std::vector<asio::ip::tcp::endpoint>>> resolve(std::string host,
                                                                    std::uint16_t port) override {
        co_await stick(stage::resolve);
        auto found = co_await net_.resolve(std::move(host), port);
        found->emplace_back(asio::ip::make_address("192.0.2.2"), port);
        co_return found;
    }
    awaitable<result<std::unique_ptr<stream>>> connect(asio::ip::tcp::endpoint address) override {
        if (address != healthy) co_await stick(stage::connect);
        auto connected = co_await net_.connect(address);
        co_return connected;
    }
    awaitable<result<std::unique_ptr<stream>>> secure(std::unique_ptr<stream> plain,
                                                      std::string name) override {
        co_await stick(stage::secure);
        auto secured = co_await net_.secure(std::move(plain), std::move(name));
        co_return secured;
    }
    int open() const { return net_.open(); }

    asio::ip::tcp::endpoint healthy;

  private:
    awaitable<void> stick(stage at) {
        if (at == stuck_) co_await time_.sleep_until(time_.now() + 1h);
    }

    stage stuck_;
    clock& time_;
    test::simulated_transport net_;
};

class connecting : public test::io {
  protected:
    result<lease> acquire(const std::shared_ptr<stuck_transport>& net) {
        const auto first =
            std::make_shared<test::constant_random>(test::constant_random::side::least);
        const auto pool =
            std::make_shared<connection_pool>(net, time, first, pool_options(), limits);
        return run(pool->acquire(peer(true, "s3.example", 443)));
    }
    std::shared_ptr<stuck_transport> stuck(stuck_transport::stage at) {
        return std::make_shared<stuck_transport>(at, *time);
    }

    time_limits limits;
};

TEST_F(connecting, ANameThatIsNotAnswered) {
    const auto started = time->now();
    const auto got = acquire(stuck(stuck_transport::stage::resolve));
    EXPECT_EQ(got.error().code(), errc::timed_out);
    EXPECT_EQ(got.error().detail(),
              "resolution of s3.example: no answer for 3.1 s (time limit: connect)");
    EXPECT_EQ(time->now() - started, 3100ms);
}

TEST_F(connecting, AddressesThatDoNotAnswer) {
    const auto got = acquire(stuck(stuck_transport::stage::connect));
    EXPECT_EQ(got.error().code(), errc::timed_out);
    EXPECT_THAT(got.error().detail(),
                HasSubstr("connect to 192.0.2.1:443: no answer for 3.1 s (time limit: connect)"));
    EXPECT_THAT(got.error().detail(), HasSubstr("connect to 192.0.2.2:443: no answer"));
}

TEST_F(connecting, AnotherAddressThatAnswers) {
    const auto net = stuck(stuck_transport::stage::connect);
    net->healthy = {asio::ip::make_address("192.0.2.2"), 443};
    EXPECT_TRUE(acquire(net));
}

TEST_F(connecting, TheLongestLimitsAreNone) {
    for (const auto limit : {clock::duration::max(), clock::duration(), clock::duration(-1)}) {
        limits.connect = limits.tls_handshake = limit;
        EXPECT_TRUE(acquire(stuck(stuck_transport::stage::connect)));
        EXPECT_TRUE(acquire(stuck(stuck_transport::stage::secure)));
    }
}

TEST_F(connecting, AHandshakeThatDoesNotEnd) {
    const auto net = stuck(stuck_transport::stage::secure);
    const auto got = acquire(net);
    EXPECT_EQ(got.error().code(), errc::timed_out);
    EXPECT_THAT(got.error().detail(),
                HasSubstr("TLS handshake with s3.example (192.0.2.1:443): no answer for 10 s (time "
                          "limit: tls_handshake)"));
    EXPECT_EQ(net->open(), 0);
}

}  // namespace
}  // namespace cairn::wire
