#pragma once

#include <cairn/core/secret.hpp>
#include <cairn/s3/body.hpp>
#include <cairn/s3/types.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace cairn::s3 {

/// The answer to `put_object`.
struct put_object_output {
    put_object_output() = default;
    std::optional<std::string> expiration;  ///< The lifecycle rule that will expire it, and when.
    std::optional<std::string> etag;        ///< In its quotes.
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
    std::optional<std::string> checksum_type;           ///< One of `checksum_type`.
    std::optional<std::string> server_side_encryption;  ///< One of `server_side_encryption`.
    std::optional<std::string> version_id;              ///< Set in versioned buckets.
    /// Set if it is encrypted with a customer's own key.
    std::optional<std::string> sse_customer_algorithm;
    std::optional<std::string> sse_customer_key_md5;  ///< Base64 MD5 of that key.
    std::optional<std::string> sse_kms_key_id;        ///< The KMS key.
    /// Base64 JSON of the KMS encryption context.
    std::optional<std::string> sse_kms_encryption_context;
    std::optional<bool> bucket_key_enabled;  ///< The bucket's key was used.
    std::optional<std::int64_t> size;  ///< Directory buckets only: its length after an append.
    std::optional<std::string> request_charged;  ///< One of `request_charged`.
};

/// Stores an object.
struct put_object {
    using output = put_object_output;
    put_object(std::string bucket, std::string key);

    std::string bucket;
    std::string key;
    std::optional<std::string> acl;  ///< One of `object_canned_acl`.
    cairn::body::source body;        ///< What to store.
    /// Kept with the object and given back as the header of that name.
    std::optional<std::string> cache_control;
    std::optional<std::string> content_disposition;  ///< As `cache_control`.
    /// As `cache_control`; describes, never transforms.
    std::optional<std::string> content_encoding;
    std::optional<std::string> content_language;  ///< As `cache_control`.
    /// Needs no setting; if it is, the body must be that long.
    std::optional<std::int64_t> content_length;
    std::optional<std::string> content_md5;  ///< Base64 MD5 of the body, which S3 then verifies.
    /// As `cache_control`; S3 assumes "binary/octet-stream".
    std::optional<std::string> content_type;
    /// Names the `checksum_...` member that is set; if none is, the checksum is computed.
    std::optional<std::string> checksum_algorithm;
    /// Base64 checksum of the body, which S3 then verifies and keeps.
    std::optional<std::string> checksum_crc32;
    std::optional<std::string> checksum_crc32c;
    std::optional<std::string> checksum_crc64nvme;
    std::optional<std::string> checksum_sha1;
    std::optional<std::string> checksum_sha256;
    std::optional<std::string> checksum_sha512;
    std::optional<std::string> checksum_md5;
    std::optional<std::string> checksum_xxhash64;
    std::optional<std::string> checksum_xxhash3;
    std::optional<std::string> checksum_xxhash128;
    std::optional<timestamp> expires;  ///< When caches should drop it; kept with the object.
    /// Only replace an object with this ETag; else `precondition_failed`.
    std::optional<std::string> if_match;
    /// "*": only create, never replace; else `precondition_failed`.
    std::optional<std::string> if_none_match;
    /// Who may do everything: `id="..."`, `uri="..."` or `emailAddress="..."`, by commas.
    std::optional<std::string> grant_full_control;
    std::optional<std::string> grant_read;       ///< Who may read.
    std::optional<std::string> grant_read_acp;   ///< Who may read the access control list.
    std::optional<std::string> grant_write_acp;  ///< Who may write the access control list.
    /// Directory buckets only: append, at this offset.
    std::optional<std::int64_t> write_offset_bytes;
    /// Names (kept in lower case) and ASCII values to keep with the object.
    std::map<std::string, std::string> metadata;
    std::optional<std::string> server_side_encryption;  ///< One of `server_side_encryption`.
    std::optional<std::string> storage_class;           ///< One of `storage_class`.
    /// Where a website endpoint redirects requests for this object.
    std::optional<std::string> website_redirect_location;
    /// "AES256" with a key of the customer's own.
    std::optional<std::string> sse_customer_algorithm;
    std::optional<secret> sse_customer_key;  ///< That key in base64; never sent without TLS.
    std::optional<std::string> sse_customer_key_md5;  ///< Base64 MD5 of that key.
    std::optional<std::string> sse_kms_key_id;        ///< The KMS key.
    /// Base64 JSON of the KMS encryption context.
    std::optional<std::string> sse_kms_encryption_context;
    std::optional<bool> bucket_key_enabled;       ///< Use the bucket's key, to save calls to KMS.
    std::optional<std::string> request_payer;     ///< One of `request_payer`.
    std::optional<std::string> tagging;           ///< As a query: "a=1&b=2".
    std::optional<std::string> object_lock_mode;  ///< One of `object_lock_mode`.
    std::optional<timestamp> object_lock_retain_until_date;
    /// One of `object_lock_legal_hold_status`.
    std::optional<std::string> object_lock_legal_hold_status;
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
};

}  // namespace cairn::s3
