#pragma once

#include <cairn/wire/transport.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>

namespace cairn::wire {

/// What TLS connections share: trusted CAs, versions, verification. Thread-safe once made.
class tls_context {
  public:
    static result<std::shared_ptr<tls_context>> create(const tls_options& options);
    ~tls_context();
    tls_context(const tls_context&) = delete;
    tls_context& operator=(const tls_context&) = delete;

    /// Completes a handshake on a connected, non-blocking socket with a peer that proves to be
    /// `server_name`. Fails with `tls_failed`, which says what was wrong with the certificate.
    awaitable<result<std::unique_ptr<stream>>> handshake(asio::ip::tcp::socket socket,
                                                         std::string server_name);

  private:
    explicit tls_context(void* native) : native_(native) {}
    void* native_;  // SSL_CTX
};

}  // namespace cairn::wire
