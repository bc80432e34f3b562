#pragma once

#include "wire/socket.hpp"

#include <cairn/wire/transport.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn::wire {

/// A connected socket's stream, in the clear.
class tcp_stream : public stream {
  public:
    explicit tcp_stream(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

    awaitable<io_result> read_some(asio::mutable_buffer into) override {
        return socket_.async_read_some(into, asio::as_tuple(asio::use_awaitable));
    }
    awaitable<io_result> write_some(std::span<const asio::const_buffer> from) override {
        return socket_.async_write_some(from, asio::as_tuple(asio::use_awaitable));
    }
    bool is_quiet() noexcept override { return socket_is_quiet(socket_.native_handle()); }
    void shutdown() noexcept override { shut_down(socket_.native_handle()); }

    /// The socket, for another kind of stream; this one is of no further use.
    asio::ip::tcp::socket release() { return std::move(socket_); }

  private:
    asio::ip::tcp::socket socket_;
};

}  // namespace cairn::wire
