#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cairn::codec {

/// The checksums that S3 keeps of objects and parts.
/// Source: Amazon S3 User Guide, "Checking object integrity".
enum class checksum_algorithm : std::uint8_t {
    crc32,
    crc32c,
    crc64nvme,
    sha1,
    sha256,
    sha512,
    md5,
};

/// S3's name of an algorithm: "CRC64NVME".
std::string_view name_of(checksum_algorithm algorithm) noexcept;
/// The algorithm that S3 calls by `name`; nothing for one that cairn doesn't compute.
std::optional<checksum_algorithm> checksum_named(std::string_view name) noexcept;

/// Whether it can be computed here: OpenSSL offers no MD5 where it is built or set up for FIPS.
bool is_available(checksum_algorithm algorithm) noexcept;

/// The length of its values.
std::size_t bytes_of(checksum_algorithm algorithm) noexcept;

/// The value of a checksum, in network byte order.
class checksum_value {
  public:
    checksum_value() = default;
    /// At most 64 bytes.
    explicit checksum_value(std::span<const std::byte> value) noexcept;

    std::span<const std::byte> data() const noexcept { return {bytes_.data(), size_}; }
    /// As S3's headers have it.
    std::string base64() const;
    friend bool operator==(const checksum_value&, const checksum_value&) = default;

  private:
    std::array<std::byte, 64> bytes_{};
    std::uint8_t size_ = 0;
};

/// A running checksum of one message after another. CRCs use the processor's instructions for them
/// where it has them, and tables elsewhere; the others are OpenSSL's.
///
/// Throws `std::runtime_error` unless it is available.
/// Thread safety: none.
class checksum {
  public:
    explicit checksum(checksum_algorithm algorithm);
    ~checksum();
    checksum(checksum&&) noexcept;
    checksum& operator=(checksum&&) noexcept;

    checksum_algorithm algorithm() const noexcept { return algorithm_; }
    void update(std::span<const std::byte> data);
    /// Of all updates since the last `finish()`.
    checksum_value finish();

  private:
    struct digest;
    checksum_algorithm algorithm_;
    std::uint64_t crc_ = 0;
    std::unique_ptr<digest> digest_;  ///< Null for CRCs.
};

/// Of one message.
checksum_value checksum_of(checksum_algorithm algorithm, std::span<const std::byte> data);

/// The CRC of a message and the one that follows it, from the CRC of each and the second one's
/// length: S3's full-object checksum of an object in parts. Throws `std::invalid_argument` for what
/// is no CRC.
checksum_value combine(checksum_algorithm algorithm, const checksum_value& first,
                       const checksum_value& second, std::uint64_t second_bytes);

}  // namespace cairn::codec
