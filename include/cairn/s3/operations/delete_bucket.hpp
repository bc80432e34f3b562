#pragma once

#include <optional>
#include <string>

namespace cairn::s3 {

/// The answer to `delete_bucket`.
struct delete_bucket_output {
    delete_bucket_output() = default;
};

/// Deletes an empty bucket.
struct delete_bucket {
    using output = delete_bucket_output;
    explicit delete_bucket(std::string bucket);

    std::string bucket;
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
};

}  // namespace cairn::s3
