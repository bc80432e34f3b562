#pragma once

#include <cairn/core/clock.hpp>
#include <cairn/wire/http.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace cairn::wire {

/// The credentials to sign one request with.
struct signing_credentials {
    std::string_view access_key_id;
    std::string_view secret_access_key;
    std::string_view session_token;  ///< May be empty.
};

/// How the path of a request becomes its canonical URI.
enum class canonical_path {
    as_sent,     ///< S3: exactly as it is on the request line.
    normalized,  ///< Every other service: dot segments removed, then percent-encoded once more.
};

/// `x-amz-content-sha256` for a payload that is not part of the signature.
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

/// Lower-case hexadecimal SHA-256, the form that signatures and S3 want it in.
std::string sha256_hex(std::string_view data);

/// Signs the chunks of a body in aws-chunked coding, one after the other: each signature goes on
/// from the one before, and the first from that of the request.
///
/// Signatures are 64 hexadecimal digits, valid until the next call. Thread safety: none.
/// Source: AWS, "Signature calculations for the authorization header: Transferring payload in
/// multiple chunks".
class chunk_signer {
  public:
    ~chunk_signer();
    chunk_signer(chunk_signer&&) noexcept;
    chunk_signer& operator=(chunk_signer&&) noexcept;

    /// Of the next chunk; the last one is empty.
    std::string_view sign(std::span<const std::byte> chunk);
    /// Of the fields behind the last chunk, each as "name:value\n", its name in lower case.
    std::string_view sign_trailer(std::string_view fields);
    /// Starts again at the first chunk.
    void restart();

  private:
    friend class signer;
    struct state;
    explicit chunk_signer(std::unique_ptr<state> s);
    std::unique_ptr<state> state_;
};

/// Signs requests with AWS Signature Version 4 in the `Authorization` header.
///
/// The signing key is derived once a day and secret, and kept: a signer that several secrets share
/// derives it anew whenever they change. Thread-safe.
/// Source: AWS, "Signature Version 4 signing process".
class signer {
  public:
    signer(std::string region, std::string service, canonical_path path = canonical_path::as_sent);
    ~signer();
    signer(signer&&) noexcept;
    signer& operator=(signer&&) noexcept;

    /// Adds `X-Amz-Date`, `X-Amz-Security-Token` if there is a token, and `Authorization`, which
    /// covers `host` and every header of `request` but `signer::is_unsigned` ones. Replaces what an
    /// earlier signing added, so that a request can be signed again for its next attempt.
    /// The caller adds `x-amz-content-sha256`, which S3 wants and other services don't.
    /// @param payload_hash hexadecimal SHA-256 of the body, or `unsigned_payload`; may be a view of
    ///     the request's headers.
    void sign(request_head& request, std::string_view payload_hash,
              const signing_credentials& credentials, clock::utc_time now) const;
    /// What signs the chunks of the body of a request that has just been signed.
    chunk_signer chunks_of(const request_head& signed_request,
                           std::string_view secret_access_key) const;

    /// The intermediate values, for tests and for reading a SignatureDoesNotMatch.
    std::string canonical_request(const request_head& request, std::string_view payload_hash) const;
    std::string string_to_sign(std::string_view canonical_request, clock::utc_time now) const;

    /// Headers that proxies may change, and `Authorization` itself.
    static bool is_unsigned(std::string_view header_name) noexcept;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace cairn::wire
