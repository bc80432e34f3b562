#include "support/io.hpp"
#include "support/open_stream.hpp"
#include "support/peer.hpp"
#include "support/tls_server.hpp"
#include "wire/exchange.hpp"

#include <cairn/wire/transport.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn::wire {
namespace {

using asio::ip::tcp;
using test::reply;

class transport_test : public test::io {
  protected:
    transport_test() { wait_for_the_kernel(); }

    static std::shared_ptr<transport> trusting(const std::filesystem::path& ca_file) {
        tls_options options;
        options.ca_file = ca_file;
        return make_transport(options).value();
    }

    static awaitable<result<std::unique_ptr<stream>>> open(std::shared_ptr<transport> net,
                                                           std::uint16_t port,
                                                           std::string tls_name) {
        const tcp::endpoint here(asio::ip::address_v4::loopback(), port);
        return test::open_stream(std::move(net), here, std::move(tls_name));
    }

    // A GET of everything the server has, in one string; or the error's line.
    std::string get(const std::shared_ptr<transport>& net, std::uint16_t port, std::string tls_name,
                    time_limits limits = time_limits::none()) {
        return run(fetch(net, time, port, std::move(tls_name), limits));
    }
    static awaitable<std::string> fetch(std::shared_ptr<transport> net, std::shared_ptr<clock> k,
                                        std::uint16_t port, std::string tls_name,
                                        time_limits limits = time_limits::none()) {
        auto stream = co_await open(net, port, tls_name);
        if (!stream) co_return stream.error().what();
        connection on(std::move(*stream), k);
        wire::exchange once(on, *k, {}, limits);
        request_head head;
        head.method = "GET";
        head.target = "/";
        const auto replied = co_await once.run(outgoing(&head, nullptr));
        if (!replied) co_return replied.error().what();
        std::string body;
        std::string piece(100'000, '\0');
        for (;;) {
            const auto n = co_await once.read_some(asio::buffer(piece));
            if (!n) co_return n.error().what();
            if (*n == 0) co_return body;
            body.append(piece, 0, *n);
        }
    }

    const test::authority ca;
    const std::string large = std::string(3'000'000, 'x') + "end";
};

TEST_F(transport_test, ReadsOverTcp) {
    test::scripted_server server(context, test::replies({reply(200, large)}));
    EXPECT_EQ(get(trusting(ca.ca_file()), server.port(), {}), large);
}

TEST_F(transport_test, ReadsOverTls13And12) {
    for (const auto& [newest, version] :
         {std::pair(0x0304, "TLSv1.3"), std::pair(0x0303, "TLSv1.2")}) {
        test::tls_server server(context, test::replies({reply(200, large)}),
                                ca.issue("DNS:s3.example"), newest);
        EXPECT_EQ(get(trusting(ca.ca_file()), server.port(), "s3.example"), large);
        EXPECT_EQ(server.version(), version);
        EXPECT_EQ(server.server_name(), "s3.example") << "SNI";
    }
}

TEST_F(transport_test, RefusesTlsBefore12) {
    test::tls_server server(context, test::replies({reply(200)}), ca.issue("DNS:s3.example"),
                            0x0302);
    EXPECT_NE(get(trusting(ca.ca_file()), server.port(), "s3.example").find("TLS failed"),
              std::string::npos);
}

TEST_F(transport_test, RefusesAnotherHostsCertificate) {
    test::tls_server server(context, test::replies({reply(200)}), ca.issue("DNS:other.example"));
    const auto line = get(trusting(ca.ca_file()), server.port(), "s3.example");
    EXPECT_NE(line.find("hostname mismatch"), line.npos) << line;
    EXPECT_NE(line.find("s3.example"), line.npos) << line;
}

TEST_F(transport_test, RefusesAnUnknownAuthority) {
    const test::authority other;
    test::tls_server server(context, test::replies({reply(200)}), other.issue("DNS:s3.example"));
    const auto line = get(trusting(ca.ca_file()), server.port(), "s3.example");
    EXPECT_NE(line.find("certificate is refused"), line.npos) << line;
}

TEST_F(transport_test, RefusesAnExpiredCertificate) {
    test::tls_server server(context, test::replies({reply(200)}), ca.issue("DNS:s3.example", true));
    const auto line = get(trusting(ca.ca_file()), server.port(), "s3.example");
    EXPECT_NE(line.find("expired"), line.npos) << line;
}

TEST_F(transport_test, VerifiesIpHosts) {
    test::tls_server server(context, test::replies({reply(200, "hi")}), ca.issue("IP:127.0.0.1"));
    EXPECT_EQ(get(trusting(ca.ca_file()), server.port(), "127.0.0.1"), "hi");
    const auto line = get(trusting(ca.ca_file()), server.port(), "127.0.0.2");
    EXPECT_NE(line.find("IP address mismatch"), line.npos) << line;
}

TEST_F(transport_test, WildcardsCoverOneLabel) {
    test::tls_server server(context, test::replies({reply(200, "hi")}),
                            ca.issue("DNS:*.s3.example"));
    EXPECT_EQ(get(trusting(ca.ca_file()), server.port(), "bucket.s3.example"), "hi");
    EXPECT_NE(get(trusting(ca.ca_file()), server.port(), "a.b.s3.example").find("mismatch"),
              std::string::npos);
}

TEST_F(transport_test, ATlsConnectionCutShortIsNotAnEnd) {
    const auto cut = [](test::peer& at, int) -> awaitable<void> {
        co_await at.read_head();
        co_await at.send("HTTP/1.1 200 OK\r\n\r\npart");
        at.close();  // without close_notify: anyone on the path could have done it
    };
    test::tls_server server(context, cut, ca.issue("DNS:s3.example"));
    const auto line = get(trusting(ca.ca_file()), server.port(), "s3.example");
    EXPECT_NE(line.find("connection lost"), line.npos) << line;
}

// Between two exchanges, over TLS: session tickets, which come after the handshake, are neither
// data nor the end.
TEST_F(transport_test, ATlsStreamIsQuietUntilDataOrItsEndComes) {
    for (const bool closes : {false, true}) {
        bool told = false;
        int served = 0;
        const auto server_side = [&](test::peer& at, int) -> awaitable<void> {
            ++served;
            co_await at.read(1);
            co_await at.send("x");
            if (closes) at.close();
            told = true;
        };
        test::tls_server server(context, server_side, ca.issue("DNS:s3.example"));
        const auto net = trusting(ca.ca_file());
        const auto look = [&]() -> awaitable<bool> {
            auto connected = co_await open(net, server.port(), "s3.example");
            auto& stream = **connected;
            while (served == 0) co_await asio::post(asio::use_awaitable);
            EXPECT_TRUE(stream.is_quiet()) << "the tickets have come";
            const std::array<asio::const_buffer, 1> ask{asio::buffer("?", 1)};
            co_await stream.write_some(ask);
            if (closes) {
                char c = 0;
                co_await stream.read_some(asio::buffer(&c, 1));
            }
            while (!told) co_await asio::post(asio::use_awaitable);
            co_return stream.is_quiet();
        };
        EXPECT_FALSE(run(look())) << (closes ? "its end has come" : "data has come");
    }
}

TEST_F(transport_test, SaysWhatItCouldNotReach) {
    std::uint16_t closed = 0;
    {
        const tcp::acceptor probe(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        closed = probe.local_endpoint().port();
    }
    const auto line = get(trusting(ca.ca_file()), closed, {});
    EXPECT_NE(line.find("127.0.0.1:" + std::to_string(closed)), line.npos) << line;
    EXPECT_NE(line.find("refused"), line.npos) << line;
}

TEST_F(transport_test, AServerThatSpeaksNoTlsSaysSo) {
    const auto answers_anything = [](test::peer& at, int) -> awaitable<void> {
        co_await at.read(1);
        co_await at.send(reply(400));
    };
    test::scripted_server server(context, answers_anything);
    const auto line = get(trusting(ca.ca_file()), server.port(), "s3.example");
    EXPECT_NE(line.find("TLS failed"), line.npos) << line;
}

TEST_F(transport_test, ResolvesNamesAndLiterals) {
    const auto net = trusting(ca.ca_file());
    const auto literal = run(net->resolve("::1", 80));
    ASSERT_TRUE(literal);
    EXPECT_EQ(literal->front(), tcp::endpoint(asio::ip::make_address("::1"), 80));
    const auto name = run(net->resolve("localhost", 81));
    ASSERT_TRUE(name) << name.error();
    EXPECT_EQ(name->front().port(), 81);
    const auto nothing = run(net->resolve("no-such-host.invalid", 80));
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code(), errc::resolve_failed);
    EXPECT_NE(nothing.error().what().find("no-such-host.invalid"), std::string::npos);
}

TEST_F(transport_test, ACaFileThatIsNoneIsRefusedAtOnce) {
    tls_options options;
    options.ca_file = "/nonexistent/ca.pem";
    const auto made = make_transport(options);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code(), errc::invalid_configuration);
    EXPECT_NE(made.error().what().find("/nonexistent/ca.pem"), std::string::npos);
}

// Virtual time passes when the kernel has nothing to tell.
TEST_F(transport_test, ASilentPeerIsShutDown) {
    const auto silent = [](test::peer& at, int) { return at.read_to_end(); };
    test::scripted_server plain(context, silent);
    const auto line = get(trusting(ca.ca_file()), plain.port(), {}, time_limits());
    EXPECT_NE(line.find("no byte for 30 s, before a reply came"), line.npos) << line;
    test::tls_server secured(context, silent, ca.issue("DNS:s3.example"));
    EXPECT_EQ(get(trusting(ca.ca_file()), secured.port(), "s3.example", time_limits()), line);
}

TEST_F(transport_test, CancelledAnywhereItLeavesNothing) {
    test::tls_server server(context, test::replies({reply(200, std::string(100'000, 'x'))}),
                            ca.issue("DNS:s3.example"));
    const auto net = trusting(ca.ca_file());
    const auto whole = [&]() -> awaitable<void> {
        const auto addresses = co_await net->resolve("localhost", server.port());
        EXPECT_TRUE(addresses.has_value());
        const auto body = co_await fetch(net, time, server.port(), "s3.example");
        EXPECT_TRUE(body.size() == 100'000 || body.find("cancel") != body.npos) << body;
    };
    EXPECT_GT(cancel_everywhere(whole, [](int) {}), 8);
}

TEST_F(transport_test, CancelledWhileItConnectsItThrows) {
    test::tls_server server(context, test::replies({reply(200)}), ca.issue("DNS:s3.example"));
    const auto net = trusting(ca.ca_file());
    const auto connect = [&]() -> awaitable<void> {
        const auto connected = co_await open(net, server.port(), "s3.example");
        EXPECT_TRUE(connected) << "a cancellation was told as: " << connected.error();
    };
    EXPECT_GT(cancel_everywhere(connect, [](int) {}), 3);
}

}  // namespace
}  // namespace cairn::wire
