#include "wire/exchange.hpp"

#include "support/io.hpp"
#include "support/peer.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace cairn::wire {
namespace {

using namespace std::chrono_literals;
using test::reply;

// What a request came to: its status and body, or the error's code.
struct answer {
    answer() = default;
    unsigned status = 0;
    std::string body;
    error_code failed;
    std::string detail;
    bool reusable = false;
    bool fully_sent = false;
};

struct request {
    request() = default;
    std::string method = "GET";
    std::string data;  // the body
    clock::duration continue_wait{};
    std::size_t read_size = 1000;
    head_limits limits;
    time_limits times;
};

class one_piece final : public body_source {
  public:
    explicit one_piece(std::string data) : data_(std::move(data)) {}
    std::uint64_t size() const noexcept override { return data_.size(); }
    bool rewind() noexcept override { return given_ = false, true; }
    awaitable<result<asio::const_buffer>> next() override {
        co_return std::exchange(given_, true) ? asio::const_buffer() : asio::buffer(data_);
    }

  private:
    std::string data_;
    bool given_ = false;
};

class exchange_test : public test::io {
  protected:
    answer exchange_with(test::script server, request what = {},
                         std::size_t max_transfer = 64 * 1024) {
        test::simulated_transport net(std::move(server));
        net.max_transfer = max_transfer;
        return run(converse(net, time, std::move(what)));
    }

    static awaitable<answer> converse(test::simulated_transport& net, std::shared_ptr<clock> k,
                                      request what) {
        auto stream = co_await net.connect({});
        connection on(std::move(*stream), k);
        wire::exchange once(on, *k, what.limits, what.times);
        request_head head;
        head.method = what.method;
        head.target = "/bucket/key";
        head.headers.add("Host", "example");
        one_piece source(what.data);
        if (!what.data.empty())
            head.headers.add("Content-Length", std::to_string(what.data.size()));
        outgoing out(&head, what.data.empty() ? nullptr : &source);
        out.continue_wait = what.continue_wait;

        answer a;
        const auto replied = co_await once.run(out);
        if (replied) {
            a.status = replied->status;
            std::string piece(what.read_size, '\0');
            for (;;) {
                const auto n = co_await once.read_some(asio::buffer(piece));
                if (!n) a.failed = n.error().code(), a.detail = n.error().detail();
                if (!n || *n == 0) break;
                a.body += piece.substr(0, *n);
            }
        } else {
            a.failed = replied.error().code();
            a.detail = replied.error().what();
        }
        a.reusable = once.reusable();
        a.fully_sent = once.fully_sent();
        co_return a;
    }

    static test::script once(std::string data) {
        return [data = std::move(data)](test::peer& at, int) -> awaitable<void> {
            co_await at.read_request();
            co_await at.send(data);
        };
    }
};

TEST_F(exchange_test, ReadsABodyOfKnownLength) {
    const auto a = exchange_with(test::replies({reply(200, "hello")}));
    EXPECT_EQ(a.status, 200u);
    EXPECT_EQ(a.body, "hello");
    EXPECT_TRUE(a.reusable);
}

TEST_F(exchange_test, SurvivesOneByteAtATime) {
    for (const auto& data :
         {reply(200, "hello"),
          std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "3;name=\"v\"\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\n")}) {
        const auto a = exchange_with(test::replies({data}), {}, 1);
        EXPECT_EQ(a.body, "hello");
        EXPECT_TRUE(a.reusable) << a.detail;
    }
}

TEST_F(exchange_test, SurvivesAnEmptyChunkedBodyOneByteAtATime) {
    const std::string data = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    const auto a = exchange_with(test::replies({data}), {}, 1);
    EXPECT_EQ(a.body, "");
    EXPECT_TRUE(a.reusable) << a.detail;
}

TEST_F(exchange_test, DecodesChunksIntoASmallBuffer) {
    request what;
    what.read_size = 2;
    const auto a =
        exchange_with(test::replies({"HTTP/1.1 200 OK\r\nTransfer-Encoding: "
                                     "chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"}),
                      what);
    EXPECT_EQ(a.body, "hello world");
    EXPECT_TRUE(a.reusable);
}

TEST_F(exchange_test, ReadsToTheEndOfAConnectionThatGivesNoLength) {
    const auto a = exchange_with(once("HTTP/1.1 200 OK\r\n\r\nhello"));
    EXPECT_EQ(a.body, "hello");
    EXPECT_FALSE(a.reusable);
}

TEST_F(exchange_test, ATruncatedBodyIsAnErrorThatSaysHowMuchCame) {
    const auto a = exchange_with(once("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"));
    EXPECT_EQ(a.failed, errc::connection_lost);
    EXPECT_NE(a.detail.find("5 of 10"), a.detail.npos) << a.detail;
    EXPECT_FALSE(a.reusable);
    const auto chunked =
        exchange_with(once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"));
    EXPECT_EQ(chunked.failed, errc::connection_lost);
}

TEST_F(exchange_test, HeadHasNoBodyWhateverItsLength) {
    request what;
    what.method = "HEAD";
    const auto a =
        exchange_with(once("HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\n"), what);
    EXPECT_EQ(a.status, 404u);
    EXPECT_EQ(a.body, "");
    EXPECT_TRUE(a.reusable);
}

TEST_F(exchange_test, ConnectionCloseAndSurplusBytesEndAConnection) {
    EXPECT_FALSE(
        exchange_with(once("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"))
            .reusable);
    EXPECT_FALSE(exchange_with(once("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx")).reusable);
    EXPECT_FALSE(
        exchange_with(once("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n"))
            .reusable);
}

TEST_F(exchange_test, PassesOverInterimReplies) {
    const auto a = exchange_with(
        once("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" +
             reply(200, "x")));
    EXPECT_EQ(a.status, 200u);
    EXPECT_EQ(a.body, "x");
    std::string many;
    for (int i = 0; i < 100; ++i) many += "HTTP/1.1 100 Continue\r\n\r\n";
    EXPECT_EQ(exchange_with(once(many)).failed, errc::protocol_error);
}

TEST_F(exchange_test, BoundsTheHead) {
    request what;
    what.limits.max_bytes = 20000;
    what.limits.max_fields = 10;
    const std::string start = "HTTP/1.1 200 OK\r\n";
    EXPECT_EQ(
        exchange_with(once(start + "A: " + std::string(30000, 'x') + "\r\n\r\n"), what).failed,
        errc::limit_exceeded);
    std::string fields;
    for (int i = 0; i < 11; ++i) fields += "A: b\r\n";
    EXPECT_EQ(exchange_with(once(start + fields + "\r\n"), what).failed, errc::limit_exceeded);
    EXPECT_EQ(
        exchange_with(
            once(start + "A: " + std::string(19000, 'x') + "\r\nContent-Length: 0\r\n\r\n"), what)
            .status,
        200u);
}

TEST_F(exchange_test, APeerThatIsNotHttpIsToldAtOnce) {
    const auto greets = [](test::peer& at, int) -> awaitable<void> {
        co_await at.send("SSH-2.0-OpenSSH_9.2\r\n");
        co_await at.read_to_end();
    };
    const auto a = exchange_with(greets);
    EXPECT_EQ(a.failed, errc::not_s3);
    EXPECT_NE(a.detail.find("SSH-2.0"), a.detail.npos);
}

TEST_F(exchange_test, NoReplyAtAllSaysSo) {
    const auto hangs_up = [](test::peer& at, int) -> awaitable<void> {
        co_await at.read_request();
    };
    const auto a = exchange_with(hangs_up);
    EXPECT_EQ(a.failed, errc::connection_lost);
    EXPECT_NE(a.detail.find("before a reply"), a.detail.npos);
    EXPECT_TRUE(a.fully_sent);
}

TEST_F(exchange_test, SendsALongBodyWholeWhileReading) {
    request what;
    what.method = "PUT";
    what.data = std::string(3'000'000, 'b');
    std::string got;
    const auto server = [&got](test::peer& at, int) -> awaitable<void> {
        got = co_await at.read_request();
        co_await at.send(reply(200));
    };
    const auto a = exchange_with(server, what);
    EXPECT_EQ(a.status, 200u);
    EXPECT_TRUE(a.reusable);
    EXPECT_EQ(got.substr(got.find("\r\n\r\n") + 4), what.data);
}

// A generated body of two pieces, so that it can't go out in one write.
class two_pieces final : public body_source {
  public:
    two_pieces(std::uint64_t declared, std::string a, std::string b)
        : declared_(declared), pieces_{std::move(a), std::move(b)} {}
    std::uint64_t size() const noexcept override { return declared_; }
    bool rewind() noexcept override { return false; }
    awaitable<result<asio::const_buffer>> next() override {
        if (next_ == 2) co_return asio::const_buffer();
        co_return asio::buffer(pieces_[next_++]);
    }

  private:
    std::uint64_t declared_;
    std::array<std::string, 2> pieces_;
    std::size_t next_ = 0;
};

class body_test : public exchange_test {
  protected:
    answer send(test::script server, two_pieces body, clock::duration wait = {}) {
        test::simulated_transport net(std::move(server));
        const auto a = run(connect_and_put(net, time, &body, wait));
        settle();  // The server has read what the connection's end left to it.
        return a;
    }
    static awaitable<answer> connect_and_put(test::simulated_transport& net,
                                             std::shared_ptr<clock> k, body_source* body,
                                             clock::duration wait) {
        auto stream = co_await net.connect({});
        co_return co_await put(std::move(*stream), k, body, wait);
    }
    static awaitable<answer> put(std::unique_ptr<stream> stream, std::shared_ptr<clock> k,
                                 body_source* body, clock::duration wait) {
        connection on(std::move(stream), k);
        wire::exchange once(on, *k, {}, {});
        request_head head;
        head.method = "PUT";
        head.target = "/";
        head.headers.add("Content-Length", std::to_string(body->size()));
        outgoing out(&head, body);
        out.continue_wait = wait;
        answer a;
        const auto replied = co_await once.run(out);
        if (replied) {
            a.status = replied->status;
            char c;
            const auto n = co_await once.read_some(asio::buffer(&c, 1));
            if (!n) a.failed = n.error().code();
        } else {
            a.failed = replied.error().code();
            a.detail = replied.error().what();
        }
        a.reusable = once.reusable();
        a.fully_sent = once.fully_sent();
        co_return a;
    }
};

TEST_F(body_test, AnEarlyRefusalEndsTheUpload) {
    const auto refuses = [](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await at.send(reply(403));
        // Reads no more, and stays: the client must not wait for room that never comes.
        co_await at.read(1);
    };
    const auto a = send(
        refuses, two_pieces(2'000'000, std::string(1'000'000, 'a'), std::string(1'000'000, 'b')));
    EXPECT_EQ(a.status, 403u);
    EXPECT_FALSE(a.reusable);
    EXPECT_FALSE(a.fully_sent);

    const auto one_piece = send(refuses, two_pieces(2'000'000, std::string(2'000'000, 'a'), ""));
    EXPECT_EQ(one_piece.status, 403u);
    EXPECT_FALSE(one_piece.fully_sent);
}

TEST_F(body_test, ARefusalBeforeTheConnectionBreaksIsStillRead) {
    const auto refuses_and_closes = [](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await at.send(reply(400));
    };
    const auto a = send(refuses_and_closes, two_pieces(2'000'000, std::string(1'000'000, 'a'),
                                                       std::string(1'000'000, 'b')));
    EXPECT_EQ(a.status, 400u);
}

TEST_F(body_test, ABodyOfAnotherLengthThanDeclaredIsTheCallersError) {
    EXPECT_EQ(send(test::replies({reply(200)}), two_pieces(10, "abc", "def")).failed,
              errc::body_failed);
    // One piece has all that was declared, and then there is more.
    EXPECT_EQ(send(test::replies({reply(200)}), two_pieces(3, "abc", "def")).failed,
              errc::body_failed);
    EXPECT_EQ(send(test::replies({reply(200)}), two_pieces(4, "abc", "def")).failed,
              errc::body_failed);
    EXPECT_EQ(send(test::replies({reply(200)}), two_pieces(2, "abc", "")).failed,
              errc::body_failed);
    EXPECT_FALSE(send(test::replies({reply(200)}), two_pieces(10, "abc", "def")).fully_sent);
    EXPECT_FALSE(send(test::replies({reply(200)}), two_pieces(2, "abc", "")).fully_sent);
}

TEST_F(body_test, MoreThanDeclaredMayComeTooLateToKeepThePeerFromActing) {
    const auto a = send(test::replies({reply(200)}), two_pieces(3, "abc", "def"), 1s);
    EXPECT_EQ(a.failed, errc::body_failed);
    EXPECT_TRUE(a.fully_sent);
    EXPECT_FALSE(a.reusable);
}

TEST_F(body_test, WaitsForContinue) {
    std::string before;
    const auto server = [&before](test::peer& at, int) -> awaitable<void> {
        before = co_await at.read_head();
        co_await at.send("HTTP/1.1 100 Continue\r\n\r\n");
        co_await at.read(6);
        co_await at.send(reply(200));
    };
    const auto started = time->now();
    const auto a = send(server, two_pieces(6, "abc", "def"), 1s);
    EXPECT_EQ(a.status, 200u);
    EXPECT_TRUE(a.reusable);
    EXPECT_EQ(time->now(), started) << "it waited although the server had answered";
}

TEST_F(body_test, SendsAllTheSameWhenContinueNeverComes) {
    const auto started = time->now();
    const auto a = send(test::replies({reply(200)}), two_pieces(6, "abc", "def"), 1s);
    EXPECT_EQ(a.status, 200u);
    EXPECT_EQ(time->now() - started, 1s);
    EXPECT_TRUE(a.reusable) << "having waited is no fault of the connection's";
}

TEST_F(body_test, ARefusalInsteadOfContinueSendsNoBody) {
    std::string after;
    const auto server = [&after](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await at.send(reply(412));
        after = co_await at.read(6);
    };
    const auto a = send(server, two_pieces(6, "abc", "def"), 1s);
    EXPECT_EQ(a.status, 412u);
    EXPECT_EQ(after, "");
    EXPECT_FALSE(a.fully_sent);
    EXPECT_FALSE(a.reusable);
}

// Its reply comes at the very moment at which the reader is given up.
class answers_when_given_up final : public stream {
  public:
    explicit answers_when_given_up(clock& k) : clock_(k) {}

    awaitable<io_result> read_some(asio::mutable_buffer into) override {
        try {
            co_await clock_.sleep_until(clock_.now() + 1h);
        } catch (const boost::system::system_error&) {
        }
        const auto refusal = reply(403);
        co_return io_result(error_code{}, asio::buffer_copy(into, asio::buffer(refusal)));
    }
    awaitable<io_result> write_some(std::span<const asio::const_buffer> from) override {
        std::size_t n = 0;
        for (const auto& piece : from) n += piece.size();
        co_return io_result(error_code{}, n);
    }
    bool is_quiet() noexcept override { return true; }
    void shutdown() noexcept override {}

  private:
    clock& clock_;
};

TEST_F(body_test, AReplyThatComesAsTheWaitForContinueEndsCounts) {
    two_pieces body(6, "abc", "def");
    const auto a = run(put(std::make_unique<answers_when_given_up>(*time), time, &body, 1s));
    EXPECT_EQ(a.status, 403u) << a.detail;
    EXPECT_FALSE(a.fully_sent);
    EXPECT_FALSE(a.reusable);
}

TEST_F(body_test, CancelledAnywhereItEndsAndLeavesNothing) {
    const auto slow = [](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await at.send("HTTP/1.1 100 Continue\r\n\r\n");
        co_await at.read(600'000);
        co_await at.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        co_await at.send("5\r\nhello\r\n0\r\n\r\n");
    };
    test::simulated_transport net(slow);
    net.max_transfer = 40'000;
    net.window = 40'000;
    std::optional<two_pieces> body;
    const auto upload = [&]() -> awaitable<void> {
        body.emplace(600'000, std::string(300'000, 'a'), std::string(300'000, 'b'));
        const auto a = co_await connect_and_put(net, time, &*body, 1s);
        EXPECT_EQ(a.status, 200u);
    };
    const int cancelled =
        cancel_everywhere(upload, [&](int n) { EXPECT_EQ(net.open(), 0) << "after " << n; });
    EXPECT_GT(cancelled, 15);
}

}  // namespace
}  // namespace cairn::wire
