#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace cairn::codec {

/// What computes a CRC.
enum class crc_engine : std::uint8_t {
    tables,  ///< Eight look-ups for eight bytes, on any processor.
    clmul,   ///< Carry-less multiplication of 64 bits: x86's PCLMULQDQ.
    clmul4,  ///< Four of them at once: VPCLMULQDQ on 512 bits.
};

/// Whether this processor has it.
bool has(crc_engine engine) noexcept;
/// The fastest that it has.
crc_engine best_crc_engine() noexcept;

/// A cyclic redundancy check with reflected bits, all ones before the first byte and inverted after
/// the last: as Ethernet, iSCSI and NVMe have it.
///
/// A remainder is a polynomial whose coefficient of x^0 is its highest bit. Messages are seen the
/// same way: the lowest bit of the first byte is the coefficient of the highest power.
class crc {
  public:
    /// What the two halves of 128 bits are multiplied with to move them on by some distance.
    struct fold_keys {
        std::uint64_t first = 0;   ///< Of the half with the higher powers.
        std::uint64_t second = 0;  ///< Of the other.
    };

    /// @param polynomial reflected, without its highest term.
    constexpr crc(unsigned bits, std::uint64_t polynomial) noexcept
        : bits_(bits), polynomial_(polynomial), tables_(make_tables()) {}

    constexpr unsigned bits() const noexcept { return bits_; }
    /// The CRC of a message whose CRC was `value` before `data` was added to it; 0 is that of none.
    std::uint64_t update(std::uint64_t value, std::span<const std::byte> data,
                         crc_engine engine = best_crc_engine()) const noexcept;
    /// The CRC of two messages, one behind the other.
    std::uint64_t combine(std::uint64_t first, std::uint64_t second,
                          std::uint64_t second_bytes) const noexcept;

    /// For distances of so many bits.
    const fold_keys& by_128() const noexcept { return by_128_; }
    const fold_keys& by_512() const noexcept { return by_512_; }
    const fold_keys& by_2048() const noexcept { return by_2048_; }

  private:
    using table = std::array<std::uint64_t, 256>;
    static constexpr std::size_t stride = 8;

    // 1 as a polynomial.
    constexpr std::uint64_t one() const noexcept { return std::uint64_t{1} << (bits_ - 1); }
    constexpr std::uint64_t times_x(std::uint64_t a) const noexcept {
        return (a >> 1U) ^ ((a & 1U) ? polynomial_ : 0);
    }
    constexpr std::uint64_t product(std::uint64_t a, std::uint64_t b) const noexcept {
        std::uint64_t sum = 0;
        for (auto power = one(); power != 0; power >>= 1U) {
            if (a & power) sum ^= b;
            b = times_x(b);
        }
        return sum;
    }
    constexpr std::uint64_t power(std::uint64_t base, std::uint64_t exponent) const noexcept {
        auto out = one();
        for (; exponent != 0; exponent >>= 1U) {
            if (exponent & 1U) out = product(out, base);
            base = product(base, base);
        }
        return out;
    }

    // The product of two reflected 64-bit words is one bit short of 128: it comes times x.
    constexpr fold_keys keys_for(unsigned distance_bits) const noexcept {
        const auto x = times_x(one());
        const auto widen = 64 - bits_;
        return {power(x, distance_bits + 64 - 1) << widen, power(x, distance_bits - 1) << widen};
    }

    // tables[n][i]: the remainder of the byte i with n bytes of zeros behind it.
    constexpr std::array<table, stride> make_tables() const noexcept {
        std::array<table, stride> made{};
        for (std::uint64_t i = 0; i < 256; ++i) {
            auto value = i;
            for (int bit = 0; bit < 8; ++bit) value = times_x(value);
            made[0][i] = value;
        }
        for (std::size_t n = 1; n < stride; ++n)
            for (std::size_t i = 0; i < 256; ++i) {
                const auto before = made[n - 1][i];
                made[n][i] = (before >> 8U) ^ made[0][before & 0xFFU];
            }
        return made;
    }

    std::uint64_t divide(std::uint64_t remainder, std::span<const std::byte> data,
                         crc_engine engine) const noexcept;
    std::uint64_t divide_by_tables(std::uint64_t remainder,
                                   std::span<const std::byte> data) const noexcept;

    unsigned bits_;
    std::uint64_t polynomial_;
    std::array<table, stride> tables_;
    fold_keys by_128_ = keys_for(128);
    fold_keys by_512_ = keys_for(512);
    fold_keys by_2048_ = keys_for(2048);
};

extern const crc crc32_sum;
extern const crc crc32c_sum;
extern const crc crc64nvme_sum;

}  // namespace cairn::codec
