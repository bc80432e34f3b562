#pragma once

#include <cairn/s3/types.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::s3 {

/// The answer to `delete_object`.
struct delete_object_output {
    delete_object_output() = default;
    std::optional<bool> delete_marker;  ///< A delete marker was made, or deleted.
    /// The version deleted, or that of the delete marker made.
    std::optional<std::string> version_id;
    std::optional<std::string> request_charged;  ///< One of `request_charged`.
};

/// Deletes an object; one that does not exist counts as deleted.
struct delete_object {
    using output = delete_object_output;
    delete_object(std::string bucket, std::string key);

    std::string bucket;
    std::string key;
    std::optional<std::string> mfa;  ///< The MFA device's serial number, a space, and its code.
    /// The version to delete for good; unset, a versioned bucket gets a delete marker.
    std::optional<std::string> version_id;
    std::optional<std::string> request_payer;         ///< One of `request_payer`.
    std::optional<bool> bypass_governance_retention;  ///< Delete in spite of a governance lock.
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
    /// Only delete an object with this ETag, or "*" for any that exists.
    std::optional<std::string> if_match;
    /// Directory buckets only: delete if last modified then.
    std::optional<timestamp> if_match_last_modified_time;
    /// Directory buckets only: delete if it is this long.
    std::optional<std::int64_t> if_match_size;
};

}  // namespace cairn::s3
