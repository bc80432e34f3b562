#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

struct evp_md_ctx_st;

namespace cairn::wire {

using sha256_digest = std::array<std::byte, 32>;

/// Incremental SHA-256, by OpenSSL. One object hashes many messages, one after another: making one
/// costs more than starting it again. Throws `std::runtime_error` when OpenSSL offers no SHA-256.
/// Thread safety: none.
class sha256 {
  public:
    sha256();

    void update(std::span<const std::byte> data);
    /// The digest of all updates since the last `finish()`.
    sha256_digest finish();

  private:
    struct deleter {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };
    void start();

    std::unique_ptr<evp_md_ctx_st, deleter> context_;
    bool started_ = false;
};

/// SHA-256 of one message, with a hasher that is between two messages.
sha256_digest sha256_of(sha256& hasher, std::span<const std::byte> data);

/// HMAC-SHA-256 (RFC 2104), with a hasher that is between two messages.
sha256_digest hmac_sha256(sha256& hasher, std::span<const std::byte> key,
                          std::span<const std::byte> data);

}  // namespace cairn::wire
