#pragma once

#include "s3/operation_table.hpp"

#include <cairn/codec/checksum.hpp>
#include <cairn/core/result.hpp>
#include <cairn/wire/http.hpp>

#include <array>
#include <string_view>

namespace cairn::s3 {

/// Those that S3 keeps with objects and cairn computes, the cheapest first.
inline constexpr std::array kept_checksums{
    codec::checksum_algorithm::crc64nvme, codec::checksum_algorithm::crc32c,
    codec::checksum_algorithm::crc32,     codec::checksum_algorithm::sha1,
    codec::checksum_algorithm::sha256,    codec::checksum_algorithm::sha512,
    codec::checksum_algorithm::md5};

/// The header field of a checksum: "x-amz-checksum-crc64nvme".
std::string_view field_of(codec::checksum_algorithm algorithm) noexcept;

/// Whether a request's head says what its body must be.
bool has_checksum(const wire::fields& headers) noexcept;

/// Compares each checksum in a request's `headers` with what its reply tells of it in `output`,
/// where it is filled in if the reply tells nothing. Fails with `checksum_mismatch`.
result<void> settle_checksums(const operation_table& table, const wire::fields& headers,
                              void* output);
/// The same for one field.
result<void> settle_checksum(const operation_table& table, std::string_view field,
                             std::string_view sent, void* output);

}  // namespace cairn::s3
