#pragma once

#include <cairn/s3/types.hpp>

#include <optional>
#include <string>

namespace cairn::s3 {

/// The answer to `abort_multipart_upload`.
struct abort_multipart_upload_output {
    abort_multipart_upload_output() = default;
    std::optional<std::string> request_charged;  ///< One of `request_charged`.
};

/// Ends an upload without an object, and frees its parts. Parts that are on their way may be kept
/// all the same: abort when none is, and see by `list_parts` that none is left. An upload that has
/// ended is `not_found`.
struct abort_multipart_upload {
    using output = abort_multipart_upload_output;
    abort_multipart_upload(std::string bucket, std::string key, std::string upload_id);

    std::string bucket;
    std::string key;
    std::string upload_id;                     ///< Which upload: from `create_multipart_upload`.
    std::optional<std::string> request_payer;  ///< One of `request_payer`.
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
    /// Directory buckets only: abort if it was begun then.
    std::optional<timestamp> if_match_initiated_time;
};

}  // namespace cairn::s3
