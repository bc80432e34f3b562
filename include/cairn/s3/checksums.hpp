#pragma once

#include <cairn/codec/checksum.hpp>

#include <optional>

namespace cairn::s3 {

/// What keeps objects from being changed on their way. Every S3 verifies the checksum of an upload
/// and keeps it, unless it is too old to know any.
struct checksums {
    /// What uploads carry, unless they have a checksum or a Content-MD5 of their own; nothing: no
    /// checksum.
    std::optional<codec::checksum_algorithm> uploads = codec::checksum_algorithm::crc64nvme;
    /// A body that isn't in memory and needn't be read before it is sent carries its checksum
    /// behind it, in aws-chunked coding. Some servers refuse that, such as Ceph 16: without leave,
    /// such a body is read twice if it can be, and goes without a checksum if not.
    bool trailers = true;
    /// Asks for the checksum of an object that is read whole, and fails the read that should have
    /// been its last with `checksum_mismatch` if it isn't that of what has come.
    bool verify_downloads = true;
};

}  // namespace cairn::s3
