#pragma once

#include <cairn/core/secret.hpp>
#include <cairn/s3/operations/copy_source.hpp>
#include <cairn/s3/types.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::s3 {

/// What became of a copied part.
struct copy_part_result {
    copy_part_result() = default;
    std::optional<std::string> etag;  ///< In its quotes; completing the upload takes it.
    std::optional<timestamp> last_modified;
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

/// The answer to `upload_part_copy`.
struct upload_part_copy_output {
    upload_part_copy_output() = default;
    std::optional<s3::copy_part_result> copy_part_result;
    /// The version of the source that was copied.
    std::optional<std::string> copy_source_version_id;
    std::optional<std::string> server_side_encryption;  ///< One of `server_side_encryption`.
    /// Set if it is encrypted with a customer's own key.
    std::optional<std::string> sse_customer_algorithm;
    std::optional<std::string> sse_customer_key_md5;  ///< Base64 MD5 of that key.
    std::optional<std::string> sse_kms_key_id;        ///< The KMS key.
    std::optional<bool> bucket_key_enabled;           ///< The bucket's key was used.
    std::optional<std::string> request_charged;       ///< One of `request_charged`.
};

/// Makes a part of an object within S3, or of a range of it.
struct upload_part_copy {
    using output = upload_part_copy_output;
    upload_part_copy(std::string bucket, std::string key, std::string upload_id,
                     std::int64_t part_number, s3::copy_source source);

    std::string bucket;
    std::string key;
    std::string upload_id;        ///< Which upload: from `create_multipart_upload`.
    std::int64_t part_number;     ///< From 1 to 10,000; the parts are joined in this order.
    s3::copy_source copy_source;  ///< What to copy.
    /// "bytes=0-1023"; unset, all of it. It must be within the object.
    std::optional<std::string> copy_source_range;
    /// Only if the source has this ETag; else `precondition_failed`, as for the next three.
    std::optional<std::string> copy_source_if_match;
    std::optional<timestamp> copy_source_if_modified_since;
    std::optional<std::string> copy_source_if_none_match;
    std::optional<timestamp> copy_source_if_unmodified_since;
    /// As told when the upload was created; so are the next two.
    std::optional<std::string> sse_customer_algorithm;
    std::optional<secret> sse_customer_key;  ///< That key in base64; never sent without TLS.
    std::optional<std::string> sse_customer_key_md5;  ///< Base64 MD5 of that key.
    /// How the source is encrypted, if with a customer's own key.
    std::optional<std::string> copy_source_sse_customer_algorithm;
    /// That key in base64; never sent without TLS.
    std::optional<secret> copy_source_sse_customer_key;
    std::optional<std::string> copy_source_sse_customer_key_md5;  ///< Base64 MD5 of that key.
    std::optional<std::string> request_payer;                     ///< One of `request_payer`.
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
    /// Fail with `access_denied` unless this account owns the source's bucket.
    std::optional<std::string> expected_source_bucket_owner;
};

}  // namespace cairn::s3
