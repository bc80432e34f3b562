#pragma once

#include "testing/s3_reply.hpp"

#include <cairn/core/asio.hpp>
#include <cairn/wire/http.hpp>
#include <cairn/wire/transport.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::testing::simulated {

/// A server's end of a connection that speaks HTTP/1.1.
///
/// Thread safety: none. Cancellation: what is awaited tells of the connection's end.
class connection {
  public:
    explicit connection(std::unique_ptr<wire::stream> stream) : stream_(std::move(stream)) {}

    enum class came { request, garbage, end };
    /// Reads a request's head, which `head` then is.
    awaitable<came> read_head();
    const wire::request_head& head() const noexcept { return head_; }
    /// Whether the peer waits to be told to send the body.
    bool expects_continue() const;
    awaitable<bool> send_continue();
    /// The body of the request whose head was read, without its transfer coding; nothing when it
    /// doesn't come whole.
    awaitable<std::optional<bytes>> read_body();
    /// Sends `r` as the answer to the request whose head was read, and at most `most` bytes of its
    /// body. False when the connection is at its end: by failure, or because either side wants it.
    awaitable<bool> send(reply r, bool keep, std::size_t most);

  private:
    awaitable<bool> fill();
    awaitable<bool> write(std::string_view data);
    awaitable<std::optional<bytes>> read_exactly(std::uint64_t size);
    awaitable<std::optional<std::string>> read_line();
    awaitable<std::optional<bytes>> read_chunks();
    bool peer_keeps() const;

    std::unique_ptr<wire::stream> stream_;
    std::string in_;
    wire::request_head head_;
};

}  // namespace cairn::testing::simulated
