#pragma once

#include "s3/aws_chunked.hpp"
#include "s3/encode.hpp"
#include "wire/sha256.hpp"

#include <cairn/s3/body.hpp>
#include <cairn/s3/config.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cairn::s3 {

/// How a request's body travels: as it is or in aws-chunked coding, with which checksum, and what
/// the request's signature says of it.
///
/// Lifetime: configuration, table and request outlive it.
class payload {
  public:
    payload(const client_config& config, const operation_table& table, bool tls)
        : config_(config), table_(table), tls_(tls) {}

    /// Decides all that for an encoded request. What may take long is left to `read_through`.
    void choose(encoded_request& request);
    /// Decides again, for a request that nobody signs.
    void forgo_signature();
    /// It has to be read before it is sent.
    bool must_be_read() const noexcept { return reading_; }
    awaitable<result<void>> read_through();
    /// Adds the fields to the request's head that say what was decided.
    void add_fields();

    /// What is sent; null: nothing.
    wire::body_source* body() noexcept;
    /// What the request's signature says of it.
    std::string_view hash() const noexcept { return hash_; }
    bool has_trailer() const noexcept { return chunks_ && summing_; }
    /// Each chunk wants a signature: `sign_chunks` after the request has been signed.
    bool signs_chunks() const noexcept { return signed_chunks_; }
    void sign_chunks(wire::chunk_signer signer) { chunks_->sign_by(std::move(signer)); }

    /// `settle_checksums` with all that were sent.
    result<void> settle(void* output) const;

  private:
    void choose_form(bool wants_signature);
    void choose_reading(bool for_signature);
    void choose_chunks(aws_chunked::signing how);
    void take(asio::const_buffer piece);
    void finish_reading();

    const client_config& config_;
    const operation_table& table_;
    const bool tls_;

    encoded_request* request_ = nullptr;
    body::source document_;
    wire::body_source* content_ = nullptr;
    std::optional<codec::checksum_algorithm> summing_;  ///< What cairn computes.
    std::string hash_;
    std::optional<aws_chunked> chunks_;
    bool signed_chunks_ = false;
    bool reading_ = false;
    std::optional<wire::sha256> hasher_;
    std::optional<codec::checksum> running_;
};

}  // namespace cairn::s3
