#pragma once

#include <cairn/s3/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::s3 {

/// One object to delete.
struct object_identifier {
    explicit object_identifier(std::string key);
    std::string key;
    std::optional<std::string> version_id;  ///< The version to delete for good.
    std::optional<std::string> etag;        ///< Directory buckets only: delete if it has this ETag.
    /// Directory buckets only: delete if last modified then.
    std::optional<timestamp> last_modified_time;
    std::optional<std::int64_t> size;  ///< Directory buckets only: delete if it is this long.
};

/// What to delete.
struct deletion {
    deletion() = default;
    std::vector<s3::object_identifier> objects;  ///< At most 1000.
    std::optional<bool> quiet;                   ///< Report failures only.
};

/// One object that is gone.
struct deleted_object {
    deleted_object() = default;
    std::string key;
    std::optional<std::string> version_id;                ///< The version deleted.
    std::optional<bool> delete_marker;                    ///< A delete marker was made, or deleted.
    std::optional<std::string> delete_marker_version_id;  ///< The version of that marker.
};

/// One object that could not be deleted.
struct delete_objects_error {
    delete_objects_error() = default;
    std::string key;
    std::optional<std::string> version_id;
    std::optional<std::string> code;  ///< S3's code, e.g. "AccessDenied".
    std::optional<std::string> message;
};

/// The answer to `delete_objects`.
struct delete_objects_output {
    delete_objects_output() = default;
    /// What was deleted or did not exist; empty if `quiet`.
    std::vector<s3::deleted_object> deleted;
    std::optional<std::string> request_charged;    ///< One of `request_charged`.
    std::vector<s3::delete_objects_error> errors;  ///< What was not deleted, and why.
};

/// Deletes up to 1000 objects. Each has its own outcome: look at the `errors` of a success.
struct delete_objects {
    using output = delete_objects_output;
    delete_objects(std::string bucket, const std::vector<std::string>& keys);

    std::string bucket;
    s3::deletion delete_;            ///< What to delete.
    std::optional<std::string> mfa;  ///< The MFA device's serial number, a space, and its code.
    std::optional<std::string> request_payer;         ///< One of `request_payer`.
    std::optional<bool> bypass_governance_retention;  ///< Delete in spite of a governance lock.
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
    /// The digest to send with the request: SHA256, SHA1, SHA512 or MD5; unset, `Content-MD5`.
    std::optional<std::string> checksum_algorithm;
};

}  // namespace cairn::s3
