#pragma once

#include "../common/descriptor.hpp"
#include "../common/workload.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace cairn::bench {

/// OpenSSL on a non-blocking socket, with nothing between them.
class tls_channel {
  public:
    /// The one SSL_CTX of all connections.
    class context {
      public:
        explicit context(const workload& load);
        SSL_CTX* get() const { return context_.get(); }

      private:
        std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
    };
    static constexpr bool holds_bytes_back = true;

    tls_channel(const workload& load, const context& shared);

    int fd() const { return socket_.get(); }
    std::optional<std::size_t> read(std::span<char> into);
    void write(std::string_view request);
    std::optional<std::size_t> write_some(std::span<const char> bytes);

  private:
    descriptor socket_;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

}  // namespace cairn::bench
