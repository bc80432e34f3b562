#pragma once

#include "support/peer.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::test {

/// A CA of our own, made anew, and its certificate in a file of a temporary folder.
class authority {
  public:
    authority();
    ~authority();

    const std::filesystem::path& ca_file() const noexcept { return file_; }
    /// A key and a certificate in PEM for these names, "DNS:a.example" or "IP:127.0.0.1".
    struct identity {
        identity() = default;
        std::string key;
        std::string certificate;
    };
    identity issue(const std::string& names, bool expired = false) const;

  private:
    struct state;
    std::unique_ptr<state> state_;
    std::filesystem::path file_;
};

/// `scripted_server` over TLS, on a real loopback socket.
class tls_server {
  public:
    /// @param newest the newest protocol version offered, 0x0303 (TLS 1.2) or 0x0304.
    tls_server(asio::io_context& context, script server, const authority::identity& who,
               int newest = 0x0304);
    ~tls_server();

    std::uint16_t port() const;
    /// What the client named in its hello, and the version agreed on, of the last handshake.
    std::string server_name() const;
    std::string version() const;

  private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace cairn::test
