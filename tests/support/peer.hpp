#pragma once

#include <cairn/testing/scripted_host.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>
#include <vector>

namespace cairn::test {

using testing::peer;
using testing::replies;
using testing::reply;
using testing::script;

/// A `simulated_network` of one machine and one scripted host, by any name and at any
/// address. Nothing on it takes time.
///
/// Thread safety: none; one `io_context`, one thread.
class simulated_transport final : public wire::transport {
  public:
    explicit simulated_transport(script server);
    ~simulated_transport() override;

    awaitable<result<std::vector<asio::ip::tcp::endpoint>>> resolve(std::string host,
                                                                    std::uint16_t port) override;
    awaitable<result<std::unique_ptr<wire::stream>>> connect(asio::ip::tcp::endpoint to) override;
    awaitable<result<std::unique_ptr<wire::stream>>> secure(std::unique_ptr<wire::stream> plain,
                                                            std::string server_name) override;

    int connections() const noexcept { return connections_; }
    /// Client ends that exist.
    int open() const noexcept;
    /// The most bytes that one call moves; small values split everything.
    std::size_t max_transfer = 64 * 1024;
    /// Bytes that a connection holds before writing waits.
    std::size_t window = 256 * 1024;
    /// Refuses this many connections first.
    int refuse = 0;

  private:
    struct network;

    script server_;
    std::unique_ptr<network> network_;
    int connections_ = 0;
};

/// A scripted server on a real loopback socket, port 0. Serves until it is destroyed or
/// `stop()`ped.
class scripted_server {
  public:
    scripted_server(asio::io_context& context, script server);
    ~scripted_server();

    std::uint16_t port() const;
    std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port()); }
    int connections() const noexcept;
    void stop();

  private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace cairn::test
