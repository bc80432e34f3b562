#pragma once

#include <cairn/core/asio.hpp>
#include <cairn/core/result.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace cairn::wire {

/// An error and the bytes moved, as Asio's `as_tuple` gives them.
using io_result = std::tuple<error_code, std::size_t>;

/// A connected stream of bytes.
///
/// Thread safety: none; one read and one write may be pending at once, on one strand.
/// Cancellation: a pending call ends promptly with `operation_aborted`; bytes it has moved are in
/// its result, so after a cancelled write the stream can only be closed.
class stream {
  public:
    virtual ~stream() = default;

    /// Reads at least one byte. The end of the stream is `asio::error::eof`.
    virtual awaitable<io_result> read_some(asio::mutable_buffer into) = 0;
    /// Writes at least one byte of `from`, whose spans must stay valid until the call ends.
    virtual awaitable<io_result> write_some(std::span<const asio::const_buffer> from) = 0;
    /// For a stream between two exchanges: true while the peer has neither sent nor closed
    /// anything.
    virtual bool is_quiet() noexcept = 0;
    /// Ends both directions at once: pending and later calls end with an error, which may be `eof`.
    /// May be called from another thread while a read or a write is pending.
    virtual void shutdown() noexcept = 0;
};

/// How connections come to be; injected, so that a program can run on a simulated network.
///
/// Thread safety: calls may come from several threads at once. Cancellation: terminal and prompt;
/// throws `operation_aborted`.
class transport {
  public:
    virtual ~transport() = default;

    /// The addresses of `host`, which may be a name or an IP literal. Fails with `resolve_failed`.
    virtual awaitable<result<std::vector<asio::ip::tcp::endpoint>>> resolve(std::string host,
                                                                            std::uint16_t port) = 0;
    /// Fails with `connect_failed`.
    virtual awaitable<result<std::unique_ptr<stream>>> connect(asio::ip::tcp::endpoint address) = 0;
    /// Completes a TLS handshake with a peer that proves to be `server_name` (name or IP literal).
    /// Fails with `tls_failed`.
    ///
    /// @param plain what `connect` gave, unused so far.
    virtual awaitable<result<std::unique_ptr<stream>>> secure(std::unique_ptr<stream> plain,
                                                              std::string server_name) = 0;
};

/// What a TLS client trusts. Peer and host name are always verified.
struct tls_options {
    tls_options() = default;
    std::string
        ca_file;  ///< PEM file of trusted CAs; with neither file nor path, the system's own.
    std::string ca_path;  ///< Directory of CAs, as `openssl rehash` makes it.
};

/// TCP, and TLS 1.3 or 1.2 by OpenSSL, over the sockets of the calling coroutine's executor.
///
/// Fails with `invalid_configuration` when a CA file or path can't be read.
result<std::shared_ptr<transport>> make_transport(const tls_options& options);

}  // namespace cairn::wire
