#include "unit/testing/simulated_s3_fixture.hpp"

#include <cairn/wire/signing.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <sys/resource.h>

namespace cairn::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Bytes on a connection of one's own.
class s3_connection : public simulated_s3_test {
  protected:
    /// What the server says to `sent` until it closes, or has no more to say.
    std::string say(std::string sent) { return run(talk(net, std::move(sent))); }

    static awaitable<std::string> talk(std::shared_ptr<test::simulated_transport> net,
                                       std::string sent) {
        auto connected = co_await net->connect({});
        auto& stream = **connected;
        std::string_view left = sent;
        while (!left.empty()) {
            std::array<asio::const_buffer, 1> piece{asio::buffer(left)};
            const auto moved = co_await stream.write_some(piece);
            if (std::get<0>(moved)) break;
            left.remove_prefix(std::get<1>(moved));
        }
        std::string heard;
        std::array<char, 4096> piece{};
        for (;;) {
            const auto moved = co_await stream.read_some(asio::buffer(piece));
            if (std::get<0>(moved)) co_return heard;
            heard.append(piece.data(), std::get<1>(moved));
        }
    }

    /// A signed request's head, with these fields behind it, of which none is signed.
    std::string signed_head(std::string method, std::string target, const std::string& hash,
                            const std::string& more = {}) const {
        wire::request_head head;
        head.method = std::move(method);
        head.target = std::move(target);
        head.headers.set("Host", "s3.example");
        head.headers.set("x-amz-content-sha256", hash);
        wire::signer("us-east-1", "s3")
            .sign(head, hash, {"simulated-access-key", "simulated-secret-key", {}},
                  time->utc_now());
        std::string text = head.method + ' ' + head.target + " HTTP/1.1\r\n";
        for (const auto field : head.headers)
            text.append(field.name).append(": ").append(field.value).append("\r\n");
        return text + more + "\r\n";
    }
    std::string read(const std::string& key, const std::string& more = {}) const {
        return signed_head("GET", "/bucket/" + key, wire::sha256_hex(""), more);
    }
    static int count(std::string_view text, std::string_view what) {
        int n = 0;
        for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++n;
        return n;
    }
};

TEST_F(s3_connection, ServesOneRequestAfterAnother) {
    const auto heard = say(read("a") + read("b", "Connection: close\r\n"));
    EXPECT_EQ(count(heard, "HTTP/1.1 404 Not Found\r\n"), 2);
    EXPECT_EQ(count(heard, "Connection: close\r\n"), 1);
}

TEST_F(s3_connection, TakesChunks) {
    good(client.put_object("bucket", "k", "hello"));
    const auto head = signed_head("POST", "/bucket?delete", "UNSIGNED-PAYLOAD",
                                  "Content-MD5: kL6XxOUIuGs1lXWUI1ZDuQ==\r\n"
                                  "Transfer-Encoding: chunked\r\nConnection: close\r\n");
    const auto heard = say(head + "5\r\n<Dele\r\n3\r\nte>\r\n0\r\nTrailer: x\r\n\r\n");
    EXPECT_THAT(heard, HasSubstr("BadDigest")) << "it has been read to its end";
}

TEST_F(s3_connection, AsksForTheBodyThatWaitsToBeAsked) {
    const auto head = signed_head("PUT", "/bucket/k", wire::sha256_hex("hello"),
                                  "Content-Length: 5\r\nExpect: 100-continue\r\n"
                                  "Connection: close\r\n");
    const auto heard = say(head + "hello");
    EXPECT_THAT(heard, StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(s3.object("bucket", "k"), "hello");
}

TEST_F(s3_connection, RefusesWithoutAskingForTheBody) {
    const auto head = signed_head("PUT", "/nowhere/k", wire::sha256_hex("hello"),
                                  "Content-Length: 5\r\nExpect: 100-continue\r\n");
    const auto heard = say(head);
    EXPECT_THAT(heard, StartsWith("HTTP/1.1 404 Not Found\r\n"));
    EXPECT_THAT(heard, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(heard, HasSubstr("NoSuchBucket"));
}

TEST_F(s3_connection, SendsNoBodyToHead) {
    good(client.put_object("bucket", "k", "hello"));
    const auto heard =
        say(signed_head("HEAD", "/bucket/k", wire::sha256_hex(""), "Connection: close\r\n"));
    EXPECT_THAT(heard, HasSubstr("Content-Length: 5\r\n"));
    EXPECT_TRUE(heard.ends_with("\r\n\r\n"));
}

TEST_F(s3_connection, RefusesWhatIsNoHttp) {
    EXPECT_THAT(say("SSH-2.0-OpenSSH_9.2p1\r\n\r\n"), StartsWith("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_THAT(say("GET / HTTP/1.1\r\nHost: " + std::string(70'000, 'x')),
                StartsWith("HTTP/1.1 400 Bad Request\r\n"));
}

TEST_F(s3_connection, ForgetsAnUploadThatBreaksOff) {
    auto head = signed_head("PUT", "/bucket/k", wire::sha256_hex("hello"), "Content-Length: 5\r\n");
    const auto broken = [](std::shared_ptr<test::simulated_transport> net,
                           std::string sent) -> awaitable<void> {
        auto connected = co_await net->connect({});
        std::array<asio::const_buffer, 1> piece{asio::buffer(sent)};
        co_await (*connected)->write_some(piece);
        (*connected)->shutdown();
    };
    run(broken(net, head + "hel"));
    settle();
    EXPECT_EQ(s3.object("bucket", "k"), std::nullopt);
    EXPECT_TRUE(s3.log().empty());
}

// --- On a real port
// -------------------------------------------------------------------------------

class s3_listener_test : public simulated_s3_test {
  protected:
    s3_listener_test() { wait_for_the_kernel(); }
};

TEST_F(s3_listener_test, ServesOnAPort) {
    auto listener = s3.listen(context.get_executor());
    auto c = config(nullptr, time);
    c.endpoint = listener.endpoint();
    {
        const auto real = s3::client::create(std::move(c)).value();
        const std::string large(3'000'000, 'x');
        good(real.put_object("bucket", "k", body::view(large)));
        auto got = good(real.get_object("bucket", "k"));
        EXPECT_EQ(good(got.body.read_all(large.size())), large);
    }
    listener.stop();
    EXPECT_EQ(s3.keys("bucket").size(), 1u);
}

TEST_F(s3_listener_test, EndsConnectionsWhenItStops) {
    auto listener = s3.listen(context.get_executor());
    auto c = config(nullptr, time);
    c.endpoint = listener.endpoint();
    const auto real = s3::client::create(std::move(c)).value().with(s3::resilience::none());
    good(real.put_object("bucket", "k", "v"));
    listener.stop();
    const auto code = bad(real.put_object("bucket", "k", "v")).code();
    EXPECT_TRUE(code == errc::connect_failed || code == errc::connection_lost) << code.message();
}

/// While it lives, the process can open no file.
class no_more_files {
  public:
    no_more_files() {
        getrlimit(RLIMIT_NOFILE, &before_);
        auto none = before_;
        none.rlim_cur = 0;
        setrlimit(RLIMIT_NOFILE, &none);
    }
    no_more_files(const no_more_files&) = delete;
    no_more_files& operator=(const no_more_files&) = delete;
    ~no_more_files() { setrlimit(RLIMIT_NOFILE, &before_); }

  private:
    rlimit before_{};
};

awaitable<std::string> first_line_for(asio::ip::tcp::socket& server, std::string request) {
    co_await asio::async_write(server, asio::buffer(request), asio::use_awaitable);
    std::string heard(1000, ' ');
    const auto n = co_await server.async_read_some(asio::buffer(heard), asio::use_awaitable);
    co_return heard.substr(0, std::min(n, heard.find('\r')));
}

class waiting_connection {
  public:
    waiting_connection(asio::io_context& context, const s3_listener& listener) : socket(context) {
        const auto url = listener.endpoint();
        const auto port = std::stoi(url.substr(url.rfind(':') + 1));
        socket.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)});
    }
    asio::ip::tcp::socket socket;
};

TEST_F(s3_listener_test, GoesOnWhenItHasRunOutOfFiles) {
    auto listener = s3.listen(context.get_executor());
    waiting_connection client(context, listener);
    {
        const no_more_files now;
        context.poll();  // which doesn't wait: nothing but the connection is there to be accepted
    }
    EXPECT_EQ(run(first_line_for(client.socket, "GET / HTTP/1.1\r\nHost: s3.example\r\n\r\n")),
              "HTTP/1.1 403 Forbidden");
}

TEST_F(s3_listener_test, StopsWhileItIsOutOfFiles) {
    auto listener = s3.listen(context.get_executor());
    const waiting_connection client(context, listener);
    const no_more_files now;
    context.poll();
    listener.stop();
}

}  // namespace
}  // namespace cairn::testing
