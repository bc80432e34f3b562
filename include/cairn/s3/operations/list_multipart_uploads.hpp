#pragma once

#include <cairn/s3/operations/common_prefix.hpp>
#include <cairn/s3/operations/owner.hpp>
#include <cairn/s3/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::s3 {

/// An upload that has been neither completed nor aborted.
struct multipart_upload {
    multipart_upload() = default;
    std::string key;
    std::string upload_id;
    std::optional<timestamp> initiated;             ///< When it was begun.
    std::optional<std::string> storage_class;       ///< One of `storage_class`.
    std::optional<s3::owner> owner;                 ///< Who will own the object.
    std::optional<s3::owner> initiator;             ///< Who began it.
    std::optional<std::string> checksum_algorithm;  ///< One of `checksum_algorithm`.
    std::optional<std::string> checksum_type;       ///< One of `checksum_type`.
};

/// The answer to `list_multipart_uploads`.
struct list_multipart_uploads_output {
    list_multipart_uploads_output() = default;
    std::optional<std::string> bucket;
    std::optional<std::string> key_marker;
    std::optional<std::string> upload_id_marker;
    /// Where the next page starts, with the next member.
    std::optional<std::string> next_key_marker;
    std::optional<std::string> prefix;
    std::optional<std::string> delimiter;
    std::optional<std::string> next_upload_id_marker;
    std::optional<std::int64_t> max_uploads;
    std::optional<bool> is_truncated;  ///< There are more pages.
    /// The uploads of this page, by key and then by age.
    std::vector<s3::multipart_upload> uploads;
    /// What keys were rolled into, by `delimiter`.
    std::vector<s3::common_prefix> common_prefixes;
    /// How keys were encoded on the way; they are given decoded.
    std::optional<std::string> encoding_type;
    std::optional<std::string> request_charged;  ///< One of `request_charged`.
};

/// Lists a page of a bucket's unfinished uploads; see `paginator` for all of them.
struct list_multipart_uploads {
    using output = list_multipart_uploads_output;
    explicit list_multipart_uploads(std::string bucket);

    std::string bucket;
    /// Keys that share what comes before it are rolled into one common prefix.
    std::optional<std::string> delimiter;
    /// Unset, "url" is asked for, so that keys may hold any character. Either way keys are given
    /// decoded.
    std::optional<std::string> encoding_type;
    /// Only keys after this one, and of its own uploads those after the next marker.
    std::optional<std::string> key_marker;
    std::optional<std::int64_t> max_uploads;  ///< Uploads and prefixes a page, at most 1000.
    std::optional<std::string> prefix;        ///< Only keys that start with this.
    std::optional<std::string> upload_id_marker;
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
    std::optional<std::string> request_payer;  ///< One of `request_payer`.
};

}  // namespace cairn::s3
