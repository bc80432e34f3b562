#pragma once

#include <cairn/wire/transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// Scripted servers: a script is a coroutine that talks to one connection.
namespace cairn::test {

/// A scripted server's end of a connection.
class peer {
  public:
    explicit peer(std::unique_ptr<wire::stream> s) : stream_(std::move(s)) {}

    /// A whole request: its head, and its body by `Content-Length`. Empty when the client has gone.
    awaitable<std::string> read_request();
    /// A request's head only.
    awaitable<std::string> read_head();
    /// `n` more bytes.
    awaitable<std::string> read(std::size_t n);
    awaitable<void> send(std::string data);
    /// Until the client closes.
    awaitable<void> read_to_end();
    void close() { stream_->shutdown(); }

  private:
    awaitable<bool> fill();

    std::unique_ptr<wire::stream> stream_;
    std::string in_;
};

/// What a server does with its n-th connection (from 0).
using script = std::function<awaitable<void>(peer& at, int n)>;

/// Answers every request on a connection with the next of `replies`, the last one again and again.
script replies(std::vector<std::string> replies);
/// A reply with a `Content-Length`.
std::string reply(int status, const std::string& body = {}, const std::string& more_headers = {});

/// A network inside the process: every connection is to a scripted server. Names resolve to one
/// address.
///
/// Thread safety: none; one `io_context`, one thread.
class simulated_transport final : public wire::transport {
  public:
    explicit simulated_transport(script server) : server_(std::move(server)) {}

    awaitable<result<std::vector<asio::ip::tcp::endpoint>>> resolve(std::string host,
                                                                    std::uint16_t port) override;
    awaitable<result<std::unique_ptr<wire::stream>>> connect(
        asio::ip::tcp::endpoint address) override;
    awaitable<result<std::unique_ptr<wire::stream>>> secure(std::unique_ptr<wire::stream> plain,
                                                            std::string server_name) override;

    int connections() const noexcept { return connections_; }
    /// Client ends that exist.
    int open() const noexcept { return *open_; }
    /// The most bytes that one call moves; small values split everything.
    std::size_t max_transfer = 64 * 1024;
    /// Bytes that a connection holds before writing waits.
    std::size_t window = 256 * 1024;
    /// Refuses this many connections first.
    int refuse = 0;

  private:
    script server_;
    int connections_ = 0;
    std::shared_ptr<int> open_ = std::make_shared<int>(0);
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
