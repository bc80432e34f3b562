#pragma once

#include <cairn/core/secret.hpp>
#include <cairn/s3/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::s3 {

/// A part to make the object of, by what its upload was answered.
struct completed_part {
    completed_part(std::int64_t part_number, std::string etag);
    std::int64_t part_number;
    std::string etag;  ///< In its quotes.
    /// Base64; so are the ones that follow. Wanted for checksums of parts.
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
};

/// What the object is made of.
struct completed_multipart_upload {
    completed_multipart_upload() = default;
    std::vector<s3::completed_part> parts;  ///< By their numbers, in ascending order.
};

/// The answer to `complete_multipart_upload`.
struct complete_multipart_upload_output {
    complete_multipart_upload_output() = default;
    std::optional<std::string> location;  ///< The object's URL.
    std::optional<std::string> bucket;
    std::optional<std::string> key;
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
    std::optional<std::string> sse_kms_key_id;          ///< The KMS key.
    std::optional<bool> bucket_key_enabled;             ///< The bucket's key was used.
    std::optional<std::string> request_charged;         ///< One of `request_charged`.
};

/// Makes an object of the parts of an upload, which ends with it.
///
/// Sent again after it has succeeded, it fails with `not_found` on many servers. So it is not
/// retried when its reply is lost: the error's `effect` is then `unknown`.
struct complete_multipart_upload {
    using output = complete_multipart_upload_output;
    complete_multipart_upload(std::string bucket, std::string key, std::string upload_id);

    std::string bucket;
    std::string key;
    std::string upload_id;  ///< Which upload: from `create_multipart_upload`.
    s3::completed_multipart_upload multipart_upload;  ///< What the object is made of.
    /// Base64 checksum of the object, which S3 then verifies; so are the ones that follow.
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
    /// Of what that checksum is: one of `checksum_type`.
    std::optional<std::string> checksum_type;
    /// The object's length in bytes, which S3 then verifies.
    std::optional<std::int64_t> mpu_object_size;
    std::optional<std::string> request_payer;  ///< One of `request_payer`.
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
    /// Only replace an object with this ETag; else `precondition_failed`.
    std::optional<std::string> if_match;
    /// "*": only create, never replace; else `precondition_failed`.
    std::optional<std::string> if_none_match;
    /// As told when the upload was created; so are the next two.
    std::optional<std::string> sse_customer_algorithm;
    std::optional<secret> sse_customer_key;  ///< That key in base64; never sent without TLS.
    std::optional<std::string> sse_customer_key_md5;  ///< Base64 MD5 of that key.
};

}  // namespace cairn::s3
