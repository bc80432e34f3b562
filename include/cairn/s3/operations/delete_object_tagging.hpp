#pragma once

#include <optional>
#include <string>

namespace cairn::s3 {

/// The answer to `delete_object_tagging`.
struct delete_object_tagging_output {
    delete_object_tagging_output() = default;
    /// The version it was about; set in versioned buckets.
    std::optional<std::string> version_id;
};

/// Removes all of an object's tags.
struct delete_object_tagging {
    using output = delete_object_tagging_output;
    delete_object_tagging(std::string bucket, std::string key);

    std::string bucket;
    std::string key;
    std::optional<std::string> version_id;  ///< The version meant; unset, the current one.
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
};

}  // namespace cairn::s3
