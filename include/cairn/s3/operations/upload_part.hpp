#pragma once

#include <cairn/core/secret.hpp>
#include <cairn/s3/body.hpp>
#include <cairn/s3/types.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::s3 {

/// The answer to `upload_part`.
struct upload_part_output {
    upload_part_output() = default;
    std::optional<std::string> server_side_encryption;  ///< One of `server_side_encryption`.
    std::optional<std::string> etag;            ///< In its quotes; completing the upload takes it.
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
    /// Set if it is encrypted with a customer's own key.
    std::optional<std::string> sse_customer_algorithm;
    std::optional<std::string> sse_customer_key_md5;  ///< Base64 MD5 of that key.
    std::optional<std::string> sse_kms_key_id;        ///< The KMS key.
    std::optional<bool> bucket_key_enabled;           ///< The bucket's key was used.
    std::optional<std::string> request_charged;       ///< One of `request_charged`.
};

/// Uploads a part, in place of one that has its number. Each but the last has 5 MiB to 5 GiB.
struct upload_part {
    using output = upload_part_output;
    upload_part(std::string bucket, std::string key, std::string upload_id,
                std::int64_t part_number);

    std::string bucket;
    std::string key;
    std::string upload_id;     ///< Which upload: from `create_multipart_upload`.
    std::int64_t part_number;  ///< From 1 to 10,000; the parts are joined in this order.
    cairn::body::source body;  ///< The part's bytes.
    /// Needs no setting; if it is, the body must be that long.
    std::optional<std::int64_t> content_length;
    std::optional<std::string> content_md5;  ///< Base64 MD5 of the body, which S3 then verifies.
    /// Names the `checksum_...` member that is set.
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
    /// As told when the upload was created; so are the next two.
    std::optional<std::string> sse_customer_algorithm;
    std::optional<secret> sse_customer_key;  ///< That key in base64; never sent without TLS.
    std::optional<std::string> sse_customer_key_md5;  ///< Base64 MD5 of that key.
    std::optional<std::string> request_payer;         ///< One of `request_payer`.
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
};

}  // namespace cairn::s3
