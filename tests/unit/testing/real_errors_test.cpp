#include "support/io.hpp"
#include "support/open_stream.hpp"
#include "support/peer.hpp"
#include "support/tls_server.hpp"

#include <cairn/testing/scripted_host.hpp>

#include <array>
#include <string>
#include <vector>

// What goes wrong on the simulated network looks as it does on a real one.
namespace cairn::testing {
namespace {

using asio::ip::tcp;

class real_errors_test : public test::io {
  protected:
    real_errors_test() {
        wait_for_the_kernel();
        host.move_to({asio::ip::address_v4::loopback()});
    }
    static script silent() {
        return [](peer& at, int) -> awaitable<void> { co_await at.read_to_end(); };
    }
    static std::shared_ptr<wire::transport> trusting(const test::authority& ca) {
        wire::tls_options options;
        options.ca_file = ca.ca_file();
        return wire::make_transport(options).value();
    }
    error failure(std::shared_ptr<wire::transport> by, std::uint16_t port,
                  const std::string& tls_name) {
        const tcp::endpoint address(asio::ip::address_v4::loopback(), port);
        const auto connected = run(test::open_stream(std::move(by), address, tls_name));
        EXPECT_FALSE(connected);
        return connected ? error() : connected.error();
    }
    // Connects on the simulated network, to a host with this fate.
    error simulated_failure(const connection_fate& fate, std::uint16_t port,
                            const std::string& tls_name) {
        host.set_fate(host.connections(), fate);
        return failure(machine.transport(), port, tls_name);
    }
    void expect_like(const error& simulated, const error& real) {
        EXPECT_EQ(simulated.code(), real.code());
        EXPECT_EQ(simulated.cause(), real.cause()) << real.cause().message();
        EXPECT_EQ(simulated.detail(), real.detail());
        EXPECT_EQ(simulated.what(), real.what());
    }
    void expect_like_tls(tls_fault reason, const std::shared_ptr<wire::transport>& real,
                         std::uint16_t port) {
        connection_fate fate;
        fate.tls = reason;
        expect_like(simulated_failure(fate, port, "s3.example"), failure(real, port, "s3.example"));
    }

    simulated_network net{world};
    script server = silent();
    simulated_host host =
        net.add_host("s3.example", scripted([this](peer& at, int n) { return server(at, n); }));
    simulated_machine machine = net.add_machine("machine");
};

TEST_F(real_errors_test, ConnectionsRefused) {
    std::uint16_t port = 0;
    {
        const test::scripted_server closed(context, silent());
        port = closed.port();
    }
    context.poll();
    const test::authority ca;
    connection_fate fate;
    fate.refused = true;
    expect_like(simulated_failure(fate, port, ""), failure(trusting(ca), port, ""));
}

TEST_F(real_errors_test, TlsFailures) {
    const test::authority ca;
    const auto real = trusting(ca);
    {
        test::tls_server expired(context, silent(), ca.issue("DNS:s3.example", true));
        expect_like_tls(tls_fault::certificate_expired, real, expired.port());
    }
    {
        test::tls_server unknown(context, silent(), ca.issue("DNS:s3.example"));
        const auto system = wire::make_transport(wire::tls_options()).value();
        expect_like_tls(tls_fault::unknown_authority, system, unknown.port());
    }
    {
        test::tls_server another(context, silent(), ca.issue("DNS:other.example"));
        expect_like_tls(tls_fault::wrong_host, real, another.port());
    }
    const auto hang_up = [](peer& at, int) -> awaitable<void> { co_await at.read(1); };
    test::scripted_server cut(context, hang_up);
    expect_like_tls(tls_fault::handshake_cut, real, cut.port());
}

// What each call of a client gives, on a connection on which it has sent `said`.
awaitable<std::vector<std::string>> ends(std::shared_ptr<wire::transport> by, std::uint16_t port,
                                         std::string said) {
    std::vector<std::string> seen;
    const tcp::endpoint address(asio::ip::address_v4::loopback(), port);
    auto connected = co_await by->connect(address);
    auto& s = **connected;
    std::array<char, 100> piece;
    const std::array<asio::const_buffer, 1> request{asio::buffer(said)};
    const std::array<asio::const_buffer, 1> more{asio::buffer("x", 1)};
    const auto note = [&](std::string what, const wire::io_result& r) {
        seen.push_back(what + ": " + std::to_string(std::get<1>(r)) + " " +
                       std::get<0>(r).message());
    };
    const auto sent = co_await s.write_some(request);
    note("write", sent);
    for (bool ended = false; !ended;) {
        const auto read = co_await s.read_some(asio::buffer(piece));
        note("read", read);
        ended = !!std::get<0>(read);
    }
    seen.emplace_back(s.is_quiet() ? "quiet" : "not quiet");
    for (bool failed = false; !failed;) {
        // How many the kernel takes before it hears of the end is no matter.
        const auto written = co_await s.write_some(more);
        failed = !!std::get<0>(written);
        if (failed) note("write", written);
    }
    s.shutdown();
    const auto closed = co_await s.read_some(asio::buffer(piece));
    note("read", closed);
    const auto gone = co_await s.write_some(more);
    note("write", gone);
    co_return seen;
}

TEST_F(real_errors_test, EndsOfStreams) {
    const auto answers = [](peer& at, int) -> awaitable<void> {
        co_await at.read(1);
        co_await at.send("reply");
    };
    const test::authority ca;
    server = answers;
    // The server reads all of the first, and leaves most of the second unread.
    for (const std::size_t size : {10U, 20'000U}) {
        const test::scripted_server real(context, answers);
        const std::string said(size, 'x');
        const auto on_wire = run(ends(trusting(ca), real.port(), said));
        EXPECT_EQ(run(ends(machine.transport(), real.port(), said)), on_wire) << size;
    }
}

}  // namespace
}  // namespace cairn::testing
