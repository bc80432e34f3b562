#pragma once

#include <cairn/s3/operations/common_prefix.hpp>
#include <cairn/s3/operations/owner.hpp>
#include <cairn/s3/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::s3 {

/// How far the restoring of an archived object is.
struct restore_status {
    restore_status() = default;
    std::optional<bool> is_restore_in_progress;
    std::optional<timestamp> restore_expiry_date;  ///< When the restored copy goes.
};

/// One object of a listing.
struct object {
    object() = default;
    std::string key;
    std::optional<timestamp> last_modified;
    std::optional<std::string> etag;              ///< In its quotes.
    std::vector<std::string> checksum_algorithm;  ///< Which checksums are stored.
    std::optional<std::string> checksum_type;     ///< One of `checksum_type`.
    std::optional<std::int64_t> size;             ///< Bytes.
    std::optional<std::string> storage_class;     ///< One of `object_storage_class`.
    std::optional<s3::owner> owner;
    std::optional<s3::restore_status> restore_status;  ///< Of an archived object.
};

/// The answer to `list_objects_v2`.
struct list_objects_v2_output {
    list_objects_v2_output() = default;
    std::optional<bool> is_truncated;  ///< There are more pages.
    std::vector<s3::object> contents;  ///< The objects of this page, in the order of their keys.
    std::optional<std::string> name;   ///< The bucket.
    std::optional<std::string> prefix;
    std::optional<std::string> delimiter;
    std::optional<std::int64_t> max_keys;
    /// What keys were rolled into, by `delimiter`.
    std::vector<s3::common_prefix> common_prefixes;
    /// How keys were encoded on the way; they are given decoded.
    std::optional<std::string> encoding_type;
    std::optional<std::int64_t> key_count;  ///< Keys and prefixes in this page.
    std::optional<std::string> continuation_token;
    std::optional<std::string> next_continuation_token;  ///< Where the next page starts.
    std::optional<std::string> start_after;
    std::optional<std::string> request_charged;  ///< One of `request_charged`.
};

/// Lists a page of a bucket's objects; see `paginator` for all of them.
struct list_objects_v2 {
    using output = list_objects_v2_output;
    explicit list_objects_v2(std::string bucket);

    std::string bucket;
    /// Keys that share what comes before it are rolled into one common prefix.
    std::optional<std::string> delimiter;
    /// Unset, "url" is asked for, so that keys may hold any character. Either way keys are given
    /// decoded.
    std::optional<std::string> encoding_type;
    std::optional<std::int64_t> max_keys;  ///< Keys and prefixes a page, at most 1000.
    std::optional<std::string> prefix;     ///< Only keys that start with this.
    /// Where the page starts: the last page's token.
    std::optional<std::string> continuation_token;
    std::optional<bool> fetch_owner;           ///< Give the owner of each object.
    std::optional<std::string> start_after;    ///< Only keys after this one.
    std::optional<std::string> request_payer;  ///< One of `request_payer`.
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
    /// More to give of each object: of `optional_object_attributes`.
    std::vector<std::string> optional_object_attributes;
};

}  // namespace cairn::s3
