#pragma once

#include <cairn/core/secret.hpp>
#include <cairn/s3/types.hpp>

#include <map>
#include <optional>
#include <string>

namespace cairn::s3 {

/// The answer to `create_multipart_upload`.
struct create_multipart_upload_output {
    create_multipart_upload_output() = default;
    std::string upload_id;                     ///< Names the upload in all that follows.
    std::optional<timestamp> abort_date;       ///< When a lifecycle rule will abort it.
    std::optional<std::string> abort_rule_id;  ///< That rule.
    std::optional<std::string> bucket;
    std::optional<std::string> key;
    std::optional<std::string> server_side_encryption;  ///< One of `server_side_encryption`.
    /// Set if it is encrypted with a customer's own key.
    std::optional<std::string> sse_customer_algorithm;
    std::optional<std::string> sse_customer_key_md5;  ///< Base64 MD5 of that key.
    std::optional<std::string> sse_kms_key_id;        ///< The KMS key.
    /// Base64 JSON of the KMS encryption context.
    std::optional<std::string> sse_kms_encryption_context;
    std::optional<bool> bucket_key_enabled;         ///< The bucket's key was used.
    std::optional<std::string> request_charged;     ///< One of `request_charged`.
    std::optional<std::string> checksum_algorithm;  ///< One of `checksum_algorithm`.
    std::optional<std::string> checksum_type;       ///< One of `checksum_type`.
};

/// Begins an upload in parts. The object is there when the upload has been completed; until it has
/// been, or has been aborted, its parts are kept and paid for.
struct create_multipart_upload {
    using output = create_multipart_upload_output;
    create_multipart_upload(std::string bucket, std::string key);

    std::string bucket;
    std::string key;
    std::optional<std::string> acl;  ///< One of `object_canned_acl`.
    /// Kept with the object and given back as the header of that name.
    std::optional<std::string> cache_control;
    std::optional<std::string> content_disposition;  ///< As `cache_control`.
    /// As `cache_control`; describes, never transforms.
    std::optional<std::string> content_encoding;
    std::optional<std::string> content_language;  ///< As `cache_control`.
    /// As `cache_control`; S3 assumes "binary/octet-stream".
    std::optional<std::string> content_type;
    std::optional<timestamp> expires;  ///< When caches should drop it; kept with the object.
    /// Who may do everything: `id="..."`, `uri="..."` or `emailAddress="..."`, by commas.
    std::optional<std::string> grant_full_control;
    std::optional<std::string> grant_read;       ///< Who may read.
    std::optional<std::string> grant_read_acp;   ///< Who may read the access control list.
    std::optional<std::string> grant_write_acp;  ///< Who may write the access control list.
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
    /// The checksum that every part has: one of `checksum_algorithm`.
    std::optional<std::string> checksum_algorithm;
    std::optional<std::string> checksum_type;  ///< Of what: one of `checksum_type`.
};

}  // namespace cairn::s3
