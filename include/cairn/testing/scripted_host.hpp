#pragma once

#include <cairn/testing/simulated_network.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// Hosts that speak HTTP as a script has it: a coroutine that talks to one connection.
namespace cairn::testing {

/// A scripted host's end of a connection.
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
    /// The connection itself, for a server that is more than a script.
    std::unique_ptr<wire::stream> take() { return std::move(stream_); }

  private:
    awaitable<bool> fill();

    std::unique_ptr<wire::stream> stream_;
    std::string in_;
};

/// What a host does with its n-th connection (from 0).
using script = std::function<awaitable<void>(peer& at, int n)>;

/// A host that plays a script on each of its connections.
serve_function scripted(script server);
/// The script on one connection.
awaitable<void> play(script server, std::unique_ptr<wire::stream> stream, int n);

/// Answers every request, on whatever connection, with the next of `texts`, the last one again and
/// again. Throws `std::invalid_argument` when there is none.
script replies(std::vector<std::string> texts);
/// A reply with a `Content-Length`.
std::string reply(int status, const std::string& body = {}, const std::string& more_headers = {});

}  // namespace cairn::testing
