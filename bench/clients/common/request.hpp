#pragma once

#include "workload.hpp"

#include <string>
#include <vector>

namespace cairn::bench {

/// The header lines of a signed S3 request, `Host` and `Content-Length` aside; the signature is
/// made up, but has a real one's length.
std::vector<std::string> s3_header_lines(const workload& load);

/// The head of the request for `part` as it goes on the wire.
std::string request_head(const workload& load, const slice& part);

}  // namespace cairn::bench
