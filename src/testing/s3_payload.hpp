#pragma once

#include "testing/s3_request.hpp"
#include "testing/s3_signature.hpp"

namespace cairn::testing::simulated {

/// Checks a request's body against what its `x-amz-content-sha256` says, and takes aws-chunked
/// coding off: its trailer's fields join the head's. Throws XAmzContentSHA256Mismatch,
/// SignatureDoesNotMatch, IncompleteBody and InvalidRequest.
void open_payload(request& r, const signature& head);

/// Whether the body comes in aws-chunked coding.
bool is_aws_chunked(const request& r) noexcept;

}  // namespace cairn::testing::simulated
