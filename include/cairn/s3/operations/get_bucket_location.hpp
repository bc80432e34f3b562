#pragma once

#include <optional>
#include <string>

namespace cairn::s3 {

/// The answer to `get_bucket_location`.
struct get_bucket_location_output {
    get_bucket_location_output() = default;
    /// The region; absent or empty for us-east-1, "EU" for eu-west-1.
    std::optional<std::string> location_constraint;
};

/// Asks for a bucket's region.
struct get_bucket_location {
    using output = get_bucket_location_output;
    explicit get_bucket_location(std::string bucket);

    std::string bucket;
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
};

}  // namespace cairn::s3
