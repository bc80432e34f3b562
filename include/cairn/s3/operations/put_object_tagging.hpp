#pragma once

#include <cairn/s3/operations/tag.hpp>
#include <cairn/s3/types.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cairn::s3 {

/// The tags of something.
struct tagging {
    tagging() = default;
    std::vector<s3::tag> tag_set;  ///< At least one; of an object, S3 keeps at most 10.
};

/// The answer to `put_object_tagging`.
struct put_object_tagging_output {
    put_object_tagging_output() = default;
    /// The version it was about; set in versioned buckets.
    std::optional<std::string> version_id;
};

/// Gives an object other tags, in place of all that it has.
struct put_object_tagging {
    using output = put_object_tagging_output;
    put_object_tagging(std::string bucket, std::string key, std::vector<s3::tag> tags);

    std::string bucket;
    std::string key;
    s3::tagging tagging;                     ///< The tags to have from now on.
    std::optional<std::string> version_id;   ///< The version meant; unset, the current one.
    std::optional<std::string> content_md5;  ///< Base64 MD5 of the document; needs no setting.
    /// The digest to send with the request: SHA256, SHA1, SHA512 or MD5; unset, `Content-MD5`.
    std::optional<std::string> checksum_algorithm;
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
    std::optional<std::string> request_payer;  ///< One of `request_payer`.
};

}  // namespace cairn::s3
