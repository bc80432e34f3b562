#pragma once

#include <optional>
#include <string>

namespace cairn::s3 {

/// The answer to `head_bucket`.
struct head_bucket_output {
    head_bucket_output() = default;
    std::optional<std::string> bucket_arn;  ///< Directory buckets only.
    /// Directory buckets only: one of `location_type`.
    std::optional<std::string> bucket_location_type;
    std::optional<std::string> bucket_location_name;  ///< The zone's id; directory buckets only.
    std::optional<std::string> bucket_region;         ///< Where the bucket is.
    std::optional<bool> access_point_alias;           ///< The name is that of an access point.
};

/// Asks whether a bucket exists and may be used.
struct head_bucket {
    using output = head_bucket_output;
    explicit head_bucket(std::string bucket);

    std::string bucket;
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
};

}  // namespace cairn::s3
