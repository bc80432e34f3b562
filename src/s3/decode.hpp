#pragma once

#include "s3/operation_table.hpp"

#include <cairn/core/result.hpp>
#include <cairn/s3/body.hpp>
#include <cairn/wire/http.hpp>

#include <string_view>

namespace cairn::s3 {

/// Reads a success reply (2xx) into `output`. Fails as `service_error` does when the reply is an
/// error in disguise, with `not_s3` or `malformed_reply` when it isn't what S3 sends.
/// @param document the whole body; empty for an operation whose reply is streamed.
result<void> decode(const operation_table& table, const wire::response_head& head,
                    std::string_view document, void* output);

/// The body of a success is for the caller to read, not a document to decode.
bool streams_reply(const operation_table& table) noexcept;

/// Hands the caller the body of a reply that is streamed.
void set_body(const operation_table& table, void* output, body::reader body);

}  // namespace cairn::s3
