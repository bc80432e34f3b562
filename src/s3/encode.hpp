#pragma once

#include "s3/addressing.hpp"
#include "s3/operation_table.hpp"

#include <cairn/core/result.hpp>
#include <cairn/wire/body.hpp>
#include <cairn/wire/http.hpp>

#include <string>

namespace cairn::s3 {

/// A request ready to be framed and signed.
struct encoded_request {
    encoded_request();

    wire::request_head head;  ///< Without `Content-Length`, `Expect`, and what signing adds.
    std::string host;         ///< To connect to, at the site's port.
    std::string document;     ///< The XML body; empty if there is none.
    wire::body_source* stream = nullptr;  ///< The operation's own body, which the operation owns.
    bool conditional = false;  ///< Sent twice, it may tell something else than sent once.
};

/// Turns an operation into the request that S3 wants. Fails with `invalid_argument`, naming the
/// member and the rule it breaks.
result<encoded_request> encode(const operation_table& table, const void* input, const site& where);

/// The bucket that an operation is about; empty if it is about none.
std::string bucket_of(const operation_table& table, const void* input);
/// What an operation is about, for errors, whether or not it can be encoded: "s3://bucket/key", and
/// where a copy is from.
std::string subject_of(const operation_table& table, const void* input);
/// The operation and its subject: "GetObject s3://bucket/key".
std::string name_of(const operation_table& table, const void* input);

}  // namespace cairn::s3
