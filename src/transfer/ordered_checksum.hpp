#pragma once

#include "transfer/pinned_object.hpp"

#include <cairn/codec/checksum.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace cairn::transfer {

/// Computes of an object's bytes, in their order, what S3 has computed of them.
class ordered_checksum {
  public:
    /// @param like what S3 keeps: whose algorithm, of the whole or of parts of its size.
    explicit ordered_checksum(const kept_checksum& like);

    void update(std::span<const std::byte> data);
    /// At the object's end: the checksum as S3 writes it.
    std::string finish();

  private:
    void end_part();

    codec::checksum of_part_;
    codec::checksum of_parts_;
    std::uint64_t part_bytes_;  ///< 0: it is all one part.
    std::uint64_t in_part_ = 0;
    std::uint64_t parts_ = 0;
};

}  // namespace cairn::transfer
