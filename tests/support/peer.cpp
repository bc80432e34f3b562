#include "support/peer.hpp"

#include "wire/tcp_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn::test {

using asio::ip::tcp;

namespace {

const asio::ip::address address = asio::ip::make_address("192.0.2.1");

}  // namespace

struct simulated_transport::network {
    network(asio::io_context& context, testing::script server)
        : clock(std::make_shared<testing::virtual_clock>()),
          net(context, clock, std::make_shared<testing::seeded_random>(0),
              std::make_shared<testing::trace>(clock)),
          host(net.add_host("server", testing::scripted(std::move(server)))),
          machine(net.add_machine("client")) {
        host.move_to({address});
    }

    std::shared_ptr<testing::virtual_clock> clock;
    testing::simulated_network net;
    testing::simulated_host host;
    testing::simulated_machine machine;
    int attempts = 0;
};

simulated_transport::simulated_transport(script server) : server_(std::move(server)) {}
simulated_transport::~simulated_transport() = default;

int simulated_transport::open() const noexcept {
    return network_ ? network_->machine.open() : 0;
}

awaitable<result<std::vector<tcp::endpoint>>> simulated_transport::resolve(std::string,
                                                                           std::uint16_t port) {
    co_await asio::post(asio::use_awaitable);
    co_return std::vector{tcp::endpoint(address, port)};
}

awaitable<result<std::unique_ptr<wire::stream>>> simulated_transport::connect(tcp::endpoint to) {
    const auto executor = co_await asio::this_coro::executor;
    auto& context = static_cast<asio::io_context&>(executor.context());
    if (!network_) network_ = std::make_unique<network>(context, server_);
    network_->host.link().max_transfer_bytes = max_transfer;
    network_->host.link().window_bytes = window;
    network_->machine.link() = network_->host.link();
    testing::connection_fate fate;
    fate.refused = refuse > 0;
    network_->host.set_fate(network_->attempts++, fate);
    if (fate.refused)
        --refuse;
    else
        ++connections_;
    const auto transport = network_->machine.transport();
    to.address(address);
    co_return co_await transport->connect(to);
}

awaitable<result<std::unique_ptr<wire::stream>>> simulated_transport::secure(
    std::unique_ptr<wire::stream> plain, std::string server_name) {
    const auto transport = network_->machine.transport();
    co_return co_await transport->secure(std::move(plain), std::move(server_name));
}

struct scripted_server::state {
    state(asio::io_context& context, script s)
        : server(std::move(s)),
          acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}
    script server;
    tcp::acceptor acceptor;
    int connections = 0;
};

scripted_server::scripted_server(asio::io_context& context, script server)
    : state_(std::make_shared<state>(context, std::move(server))) {
    const auto serve = [](std::shared_ptr<state> s) -> awaitable<void> {
        for (;;) {
            auto accepted = co_await s->acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
            if (std::get<0>(accepted)) co_return;
            auto stream = std::make_unique<wire::tcp_stream>(std::move(std::get<1>(accepted)));
            asio::co_spawn(s->acceptor.get_executor(),
                           testing::play(s->server, std::move(stream), s->connections++),
                           asio::detached);
        }
    };
    asio::co_spawn(context, serve(state_), asio::detached);
}

scripted_server::~scripted_server() {
    stop();
}
std::uint16_t scripted_server::port() const {
    return state_->acceptor.local_endpoint().port();
}
int scripted_server::connections() const noexcept {
    return state_->connections;
}
void scripted_server::stop() {
    error_code ignored;
    state_->acceptor.close(ignored);
}

}  // namespace cairn::test
