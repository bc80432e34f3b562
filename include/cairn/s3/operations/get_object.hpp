#pragma once

#include <cairn/core/secret.hpp>
#include <cairn/s3/body.hpp>
#include <cairn/s3/types.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace cairn::s3 {

/// The answer to `get_object`.
struct get_object_output {
    get_object_output() = default;
    cairn::body::reader body;  ///< What is stored: read it, or drop it to close its connection.
    std::optional<bool> delete_marker;         ///< What is there is a delete marker.
    std::optional<std::string> accept_ranges;  ///< "bytes" when ranges can be asked for.
    std::optional<std::string> expiration;  ///< The lifecycle rule that will expire it, and when.
    std::optional<std::string> restore;     ///< How far the restoring of an archived object is.
    std::optional<timestamp> last_modified;
    /// Bytes in this reply's body; a range's when one was asked for.
    std::optional<std::int64_t> content_length;
    std::optional<std::string> etag;            ///< In its quotes.
    std::optional<std::string> checksum_crc32;  ///< Base64; so are the ones that follow.
    std::optional<std::string> checksum_crc32c;
    std::optional<std::string> checksum_crc64nvme;
    std::optional<std::string> checksum_sha1;
    std::optional<std::string> checksum_sha256;
    std::optional<std::string> checksum_sha512;
    std::optional<std::string> checksum_md5;
    std::optional<std::string> checksum_xxhash64;
    std::optional<std::string> checksum_xxhash3;
    std::optional<std::string> checksum_xxhash128;
    std::optional<std::string> checksum_type;  ///< One of `checksum_type`.
    /// Metadata entries that could not be given as headers.
    std::optional<std::int64_t> missing_meta;
    std::optional<std::string> version_id;           ///< Set in versioned buckets.
    std::optional<std::string> cache_control;        ///< Kept with the object.
    std::optional<std::string> content_disposition;  ///< Kept with the object.
    /// Kept with the object; the body is as it was stored.
    std::optional<std::string> content_encoding;
    std::optional<std::string> content_language;  ///< Kept with the object.
    /// Which part of how much, for a range: "bytes 0-9/100".
    std::optional<std::string> content_range;
    std::optional<std::string> content_type;  ///< Kept with the object.
    /// When caches should drop it; absent too when what was kept isn't a date.
    std::optional<timestamp> expires;
    /// Where a website endpoint redirects requests for this object.
    std::optional<std::string> website_redirect_location;
    std::optional<std::string> server_side_encryption;  ///< One of `server_side_encryption`.
    std::map<std::string, std::string> metadata;        ///< Names in lower case, and values.
    /// Set if it is encrypted with a customer's own key.
    std::optional<std::string> sse_customer_algorithm;
    std::optional<std::string> sse_customer_key_md5;  ///< Base64 MD5 of that key.
    std::optional<std::string> sse_kms_key_id;        ///< The KMS key.
    std::optional<bool> bucket_key_enabled;           ///< The bucket's key was used.
    std::optional<std::string> storage_class;         ///< One of `storage_class`.
    std::optional<std::string> request_charged;       ///< One of `request_charged`.
    std::optional<std::string> replication_status;    ///< One of `replication_status`.
    /// Parts it was uploaded in; given when a part number was asked for.
    std::optional<std::int64_t> parts_count;
    std::optional<std::int64_t> tag_count;
    std::optional<std::string> object_lock_mode;  ///< One of `object_lock_mode`.
    std::optional<timestamp> object_lock_retain_until_date;
    /// One of `object_lock_legal_hold_status`.
    std::optional<std::string> object_lock_legal_hold_status;
};

/// Reads an object, or a range of it.
struct get_object {
    using output = get_object_output;
    get_object(std::string bucket, std::string key);

    std::string bucket;
    std::string key;
    /// Only if the object has this ETag; else `precondition_failed`.
    std::optional<std::string> if_match;
    std::optional<timestamp> if_modified_since;  ///< Only if it changed since; else `not_modified`.
    /// Only if the object has another ETag; else `not_modified`.
    std::optional<std::string> if_none_match;
    /// Only if it did not change since; else `precondition_failed`.
    std::optional<timestamp> if_unmodified_since;
    /// "bytes=0-1023"; see RFC 9110, section 14.2. One that S3 can't read, it ignores, and sends
    /// the whole object: a reply with the range has a `content_range`.
    std::optional<std::string> range;
    /// Overrides the reply's header; so do the ones that follow.
    std::optional<std::string> response_cache_control;
    std::optional<std::string> response_content_disposition;
    std::optional<std::string> response_content_encoding;
    std::optional<std::string> response_content_language;
    std::optional<std::string> response_content_type;
    std::optional<timestamp> response_expires;
    std::optional<std::string> version_id;  ///< The version meant; unset, the current one.
    /// "AES256" with a key of the customer's own.
    std::optional<std::string> sse_customer_algorithm;
    std::optional<secret> sse_customer_key;  ///< That key in base64; never sent without TLS.
    std::optional<std::string> sse_customer_key_md5;  ///< Base64 MD5 of that key.
    std::optional<std::string> request_payer;         ///< One of `request_payer`.
    /// Only this part of an object that was uploaded in parts.
    std::optional<std::int64_t> part_number;
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
    std::optional<std::string> checksum_mode;  ///< One of `checksum_mode`.
};

}  // namespace cairn::s3
