#pragma once

#include <cairn/core/secret.hpp>
#include <cairn/s3/operations/copy_source.hpp>
#include <cairn/s3/types.hpp>

#include <map>
#include <optional>
#include <string>

namespace cairn::s3 {

/// What became of a copy.
struct copy_object_result {
    copy_object_result() = default;
    std::optional<std::string> etag;  ///< In its quotes.
    std::optional<timestamp> last_modified;
    std::optional<std::string> checksum_type;   ///< One of `checksum_type`.
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
};

/// The answer to `copy_object`.
struct copy_object_output {
    copy_object_output() = default;
    std::optional<s3::copy_object_result> copy_object_result;
    std::optional<std::string> expiration;  ///< The lifecycle rule that will expire it, and when.
    /// The version of the source that was copied.
    std::optional<std::string> copy_source_version_id;
    std::optional<std::string> version_id;              ///< The new object's version.
    std::optional<std::string> server_side_encryption;  ///< One of `server_side_encryption`.
    /// Set if it is encrypted with a customer's own key.
    std::optional<std::string> sse_customer_algorithm;
    std::optional<std::string> sse_customer_key_md5;  ///< Base64 MD5 of that key.
    std::optional<std::string> sse_kms_key_id;        ///< The KMS key.
    /// Base64 JSON of the KMS encryption context.
    std::optional<std::string> sse_kms_encryption_context;
    std::optional<bool> bucket_key_enabled;      ///< The bucket's key was used.
    std::optional<std::string> request_charged;  ///< One of `request_charged`.
};

/// Copies an object of at most 5 GiB within S3.
struct copy_object {
    using output = copy_object_output;
    copy_object(std::string bucket, std::string key, s3::copy_source source);

    std::string bucket;
    std::string key;
    s3::copy_source copy_source;     ///< What to copy.
    std::optional<std::string> acl;  ///< One of `object_canned_acl`.
    /// Kept with the object and given back as the header of that name.
    std::optional<std::string> cache_control;
    std::optional<std::string> checksum_algorithm;   ///< The checksum to compute for the copy.
    std::optional<std::string> content_disposition;  ///< As `cache_control`.
    /// As `cache_control`; describes, never transforms.
    std::optional<std::string> content_encoding;
    std::optional<std::string> content_language;  ///< As `cache_control`.
    /// As `cache_control`; S3 assumes "binary/octet-stream".
    std::optional<std::string> content_type;
    /// Only if the source has this ETag; else `precondition_failed`, as for the next three.
    std::optional<std::string> copy_source_if_match;
    std::optional<timestamp> copy_source_if_modified_since;
    std::optional<std::string> copy_source_if_none_match;
    std::optional<timestamp> copy_source_if_unmodified_since;
    std::optional<timestamp> expires;  ///< When caches should drop it; kept with the object.
    /// Who may do everything: `id="..."`, `uri="..."` or `emailAddress="..."`, by commas.
    std::optional<std::string> grant_full_control;
    std::optional<std::string> grant_read;       ///< Who may read.
    std::optional<std::string> grant_read_acp;   ///< Who may read the access control list.
    std::optional<std::string> grant_write_acp;  ///< Who may write the access control list.
    std::optional<std::string> if_match;         ///< Only replace an object with this ETag.
    std::optional<std::string> if_none_match;    ///< "*": only create, never replace.
    /// Names (kept in lower case) and ASCII values to keep with the object.
    std::map<std::string, std::string> metadata;
    /// Copy the source's metadata, or replace it by what is set here: one of `metadata_directive`.
    std::optional<std::string> metadata_directive;
    /// The same for tags: one of `tagging_directive`.
    std::optional<std::string> tagging_directive;
    /// The same for annotations: one of `annotation_directive`.
    std::optional<std::string> annotation_directive;
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
    std::optional<bool> bucket_key_enabled;  ///< Use the bucket's key, to save calls to KMS.
    /// How the source is encrypted, if with a customer's own key.
    std::optional<std::string> copy_source_sse_customer_algorithm;
    /// That key in base64; never sent without TLS.
    std::optional<secret> copy_source_sse_customer_key;
    std::optional<std::string> copy_source_sse_customer_key_md5;  ///< Base64 MD5 of that key.
    std::optional<std::string> request_payer;                     ///< One of `request_payer`.
    std::optional<std::string> tagging;                           ///< As a query: "a=1&b=2".
    std::optional<std::string> object_lock_mode;                  ///< One of `object_lock_mode`.
    std::optional<timestamp> object_lock_retain_until_date;
    /// One of `object_lock_legal_hold_status`.
    std::optional<std::string> object_lock_legal_hold_status;
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
    /// Fail with `access_denied` unless this account owns the source's bucket.
    std::optional<std::string> expected_source_bucket_owner;
};

}  // namespace cairn::s3
