#pragma once

#include "testing/s3_request.hpp"

#include <cairn/core/bytes.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::testing::simulated {

/// The algorithms by which S3 checks what it is sent.
enum class checksum_algorithm { crc32, crc32c, crc64nvme, sha1, sha256 };

/// What a checksum is of: all bytes of an object, or the checksums of its parts.
enum class checksum_type { full_object, composite };

/// S3's name of it: "CRC32".
std::string_view name_of(checksum_algorithm algorithm) noexcept;
std::string_view name_of(checksum_type type) noexcept;
/// Throws InvalidRequest when S3 has no such algorithm.
checksum_algorithm algorithm_named(std::string_view name);
/// "x-amz-checksum-crc32", and the element "ChecksumCRC32".
std::string header_of(checksum_algorithm algorithm);
std::string element_of(checksum_algorithm algorithm);

/// The checksum of something.
struct checksum {
    checksum_algorithm algorithm = checksum_algorithm::crc64nvme;
    checksum_type type = checksum_type::full_object;
    std::string value{};  ///< Base64; "-N" behind it when it is of N parts.
};

/// The raw checksum of `data`.
bytes raw_checksum(checksum_algorithm algorithm, std::string_view data);
checksum full_checksum(checksum_algorithm algorithm, std::string_view data);
/// Of parts, by the raw checksums of each.
checksum composite_checksum(checksum_algorithm algorithm, const std::vector<bytes>& parts);

/// Raw MD5, and an ETag as S3 has it: in quotes.
bytes md5(std::string_view data);
std::string etag_of(std::string_view data);

/// The one `x-amz-checksum-*` field of a request, or of its trailer. Throws InvalidRequest when
/// there are several, or a value that can't be one.
std::optional<checksum> sent_checksum(const wire::fields& headers);
/// Whether the body is what the request says it is, by Content-MD5 and `x-amz-checksum-*`; gives
/// the latter. Throws InvalidDigest, BadDigest and InvalidRequest.
std::optional<checksum> verify_checksums(const request& r);
/// The same, of a request that has to say so: throws InvalidRequest, too, when it doesn't.
void verify_wanted_checksums(const request& r);

}  // namespace cairn::testing::simulated
