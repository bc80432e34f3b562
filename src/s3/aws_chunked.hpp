#pragma once

#include <cairn/codec/checksum.hpp>
#include <cairn/wire/body.hpp>
#include <cairn/wire/signing.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::s3 {

/// A checksum that follows the body that it is of.
struct trailing_checksum {
    std::string field;  ///< "x-amz-checksum-crc32".
    codec::checksum_algorithm algorithm;
};

/// A body in aws-chunked coding: in chunks, each with its length and maybe its signature in front
/// of it, and maybe with a checksum behind the last one. What it gives of the content is never
/// copied, unless it has to be signed and comes in pieces of less than a chunk.
///
/// A body that has another length than it said fails with `body_failed` before its end is sent.
/// Lifetime: the content outlives it.
/// Source: AWS, "Signature calculations for the authorization header: Transferring payload in
/// multiple chunks", and "... Including trailing headers".
class aws_chunked final : public wire::body_source {
  public:
    enum class signing { unsigned_chunks, signed_chunks };

    /// @param chunk_bytes of all chunks but the last.
    aws_chunked(wire::body_source& content, std::uint64_t chunk_bytes, signing how,
                std::optional<trailing_checksum> trailer);

    /// What signs the chunks; to be set before the first piece is asked for, and again when the
    /// request is signed again.
    void sign_by(wire::chunk_signer signer) { signer_ = std::move(signer); }

    std::uint64_t size() const noexcept override;
    awaitable<result<asio::const_buffer>> next() override;
    bool rewind() noexcept override;
    void begin_sending() noexcept override { content_.begin_sending(); }

    /// The checksum, once all has been given.
    const std::optional<codec::checksum_value>& sum() const noexcept { return sum_; }

  private:
    void begin();
    awaitable<result<asio::const_buffer>> next_chunk();
    awaitable<result<asio::const_buffer>> next_piece();
    awaitable<result<asio::const_buffer>> end();
    awaitable<result<asio::const_buffer>> gather(std::size_t bytes);
    void append_trailer();
    error wrong_length(std::string_view how, std::uint64_t seen) const;

    wire::body_source& content_;
    const std::uint64_t chunk_bytes_;
    const bool signed_;
    const std::optional<trailing_checksum> trailer_;
    std::optional<wire::chunk_signer> signer_;
    std::optional<codec::checksum> running_;
    std::optional<codec::checksum_value> sum_;
    asio::const_buffer rest_;   ///< Of the content's last piece: what has not been given.
    asio::const_buffer chunk_;  ///< The present chunk, if it is signed.
    std::string copied_;        ///< The same, when it comes in pieces.
    std::string line_;
    std::uint64_t unchunked_ = 0;      ///< Of the content: what comes behind the present chunk.
    std::uint64_t left_of_chunk_ = 0;  ///< What has not been given of that.
    bool begun_ = false;
    bool ended_ = false;
};

}  // namespace cairn::s3
