#pragma once

#include <cairn/core/result.hpp>

#include <cstdint>

namespace cairn::transfer {

/// S3's limits of multipart uploads. Source: Amazon S3 User Guide, "Amazon S3 multipart upload
/// limits".
inline constexpr std::uint64_t max_parts = 10'000;
inline constexpr std::uint64_t max_part_bytes = 5ULL << 30U;
inline constexpr std::uint64_t max_object_bytes = max_parts * max_part_bytes;

/// A stretch of an object.
struct byte_range {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;

    std::uint64_t end() const noexcept { return offset + size; }
    friend bool operator==(const byte_range&, const byte_range&) = default;
};

/// How an object of known size is cut into parts: all of one size but the last.
class part_plan {
  public:
    /// Parts of `wanted_part_bytes`, or larger where there would be more than S3 takes. Fails with
    /// `invalid_argument` for an object that is larger than S3's largest.
    static result<part_plan> of_object(std::uint64_t object_bytes, std::uint64_t wanted_part_bytes);

    std::uint64_t count() const noexcept;
    std::uint64_t object_bytes() const noexcept { return object_bytes_; }
    std::uint64_t part_bytes() const noexcept { return part_bytes_; }
    /// @param index from 0; S3's part number is one more.
    byte_range part(std::uint64_t index) const noexcept;

  private:
    part_plan(std::uint64_t object, std::uint64_t part)
        : object_bytes_(object), part_bytes_(part) {}
    std::uint64_t object_bytes_;
    std::uint64_t part_bytes_;
};

/// The size of a part of an object whose size is not known: it doubles every so often, so that
/// memory is small at first and S3's largest object still fits in its number of parts.
std::uint64_t growing_part_bytes(std::uint64_t index, std::uint64_t first_part_bytes) noexcept;

}  // namespace cairn::transfer
