#pragma once

#include <cairn/codec/checksum.hpp>

namespace cairn::transfer {

/// The `checksum_...` member for an algorithm, of an operation, a part, or an answer.
template <class T>
auto& checksum_member(T& of, codec::checksum_algorithm algorithm) {
    using enum codec::checksum_algorithm;
    switch (algorithm) {
        case crc32:
            return of.checksum_crc32;
        case crc32c:
            return of.checksum_crc32c;
        case crc64nvme:
            return of.checksum_crc64nvme;
        case sha1:
            return of.checksum_sha1;
        case sha256:
            return of.checksum_sha256;
        case sha512:
            return of.checksum_sha512;
        case md5:
            break;
    }
    return of.checksum_md5;
}

/// CRCs of parts can be joined to the object's.
constexpr bool is_crc(codec::checksum_algorithm algorithm) {
    using enum codec::checksum_algorithm;
    return algorithm == crc32 || algorithm == crc32c || algorithm == crc64nvme;
}

}  // namespace cairn::transfer
