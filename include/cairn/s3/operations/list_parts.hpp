#pragma once

#include <cairn/core/secret.hpp>
#include <cairn/s3/operations/owner.hpp>
#include <cairn/s3/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::s3 {

/// A part that has been uploaded.
struct part {
    part() = default;
    std::int64_t part_number = 0;
    std::optional<timestamp> last_modified;
    std::optional<std::string> etag;            ///< In its quotes.
    std::optional<std::int64_t> size;           ///< Bytes.
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

/// The answer to `list_parts`.
struct list_parts_output {
    list_parts_output() = default;
    std::optional<timestamp> abort_date;       ///< When a lifecycle rule will abort it.
    std::optional<std::string> abort_rule_id;  ///< That rule.
    std::optional<std::string> bucket;
    std::optional<std::string> key;
    std::optional<std::string> upload_id;
    std::optional<std::int64_t> part_number_marker;
    std::optional<std::int64_t> next_part_number_marker;  ///< Where the next page starts.
    std::optional<std::int64_t> max_parts;
    std::optional<bool> is_truncated;               ///< There are more pages.
    std::vector<s3::part> parts;                    ///< The parts of this page, by their numbers.
    std::optional<s3::owner> initiator;             ///< Who began the upload.
    std::optional<s3::owner> owner;                 ///< Who will own the object.
    std::optional<std::string> storage_class;       ///< One of `storage_class`.
    std::optional<std::string> request_charged;     ///< One of `request_charged`.
    std::optional<std::string> checksum_algorithm;  ///< One of `checksum_algorithm`.
    std::optional<std::string> checksum_type;       ///< One of `checksum_type`.
};

/// Lists a page of the parts that an upload has; see `paginator` for all of them.
struct list_parts {
    using output = list_parts_output;
    list_parts(std::string bucket, std::string key, std::string upload_id);

    std::string bucket;
    std::string key;
    std::string upload_id;                  ///< Which upload: from `create_multipart_upload`.
    std::optional<std::int64_t> max_parts;  ///< Parts a page, at most 1000.
    std::optional<std::int64_t> part_number_marker;  ///< Only parts after this one.
    std::optional<std::string> request_payer;        ///< One of `request_payer`.
    /// Fail with `access_denied` unless this account owns the bucket.
    std::optional<std::string> expected_bucket_owner;
    /// As told when the upload was created; so are the next two.
    std::optional<std::string> sse_customer_algorithm;
    std::optional<secret> sse_customer_key;  ///< That key in base64; never sent without TLS.
    std::optional<std::string> sse_customer_key_md5;  ///< Base64 MD5 of that key.
};

}  // namespace cairn::s3
