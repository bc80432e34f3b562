#pragma once

#include <cairn/auth/credentials.hpp>
#include <cairn/auth/settings.hpp>
#include <cairn/core/clock.hpp>
#include <cairn/core/random.hpp>
#include <cairn/observe/sink.hpp>
#include <cairn/s3/checksums.hpp>
#include <cairn/s3/resilience.hpp>
#include <cairn/wire/pool.hpp>
#include <cairn/wire/time_limits.hpp>
#include <cairn/wire/transport.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace cairn::s3 {

/// Where a bucket's name goes in a request. `automatic`: in the host name on AWS, in the path with
/// a custom endpoint. `virtual_host` puts a bucket whose name can't be a host's in the path all the
/// same.
using addressing = auth::addressing_style;

/// How the body of an upload enters its signature.
enum class payload_signing {
    automatic,  ///< Over TLS unsigned; over plain HTTP signed if the body can be read twice, or its
                ///< checksum may follow it.
    always,     ///< In chunks, if the body can be read only once.
    never,
};

/// What a client needs to know. Only `credentials` has no default.
struct client_config {
    client_config();
    explicit client_config(std::shared_ptr<auth::credentials_provider> credentials);

    std::shared_ptr<auth::credentials_provider> credentials;
    std::string region = "us-east-1";
    /// `http(s)://host[:port][/path]` of an S3-compatible server; empty for AWS.
    std::string endpoint;
    s3::addressing addressing = s3::addressing::automatic;
    s3::payload_signing payload_signing = s3::payload_signing::automatic;
    s3::checksums checksums;
    /// Uploads of at least this many bytes wait for `100 Continue`, so that a refusal costs no
    /// upload.
    std::uint64_t expect_continue_bytes = 2 * 1024 * 1024;
    /// How long a silent server is waited for before such a body is sent all the same.
    std::chrono::nanoseconds expect_continue_wait = std::chrono::seconds(1);
    /// The largest XML document accepted in a reply.
    std::size_t max_document_bytes = 16 * 1024 * 1024;
    s3::resilience resilience;
    wire::pool_options pool;
    wire::head_limits head_limits;
    wire::time_limits time_limits;
    /// In place of `first_byte` and `stall` where S3 itself may work for long: CopyObject.
    cairn::clock::duration long_operation_limit = std::chrono::minutes(10);
    wire::tls_options tls;
    /// Hears what happens to each call; null: nobody does, and it costs nothing.
    std::shared_ptr<observe::sink> sink;

    /// Injected worlds; null for the real ones.
    std::shared_ptr<wire::transport> transport;
    std::shared_ptr<cairn::clock> clock;
    std::shared_ptr<cairn::random> random;
};

/// The configuration that every AWS tool would have: credentials from `auth::default_chain`, the
/// rest from `auth::load_settings`. Fails with `invalid_configuration`, naming the variable or the
/// file.
result<client_config> load_config(const auth::environment& env = auth::process_environment(),
                                  std::string_view profile = {});

}  // namespace cairn::s3
