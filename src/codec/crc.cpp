#include "codec/crc.hpp"

#include "codec/crc_folding.hpp"

namespace cairn::codec {
namespace {

std::uint64_t load(const std::byte* from) noexcept {
    std::uint64_t word = 0;
    for (unsigned i = 0; i < 8; ++i) word |= std::to_integer<std::uint64_t>(from[i]) << (8 * i);
    return word;
}

}  // namespace

constinit const crc crc32_sum(32, 0xEDB88320);
constinit const crc crc32c_sum(32, 0x82F63B78);
constinit const crc crc64nvme_sum(64, 0x9A6C9329AC4BC9B5);

crc_engine best_crc_engine() noexcept {
    static const auto best = has(crc_engine::clmul4)  ? crc_engine::clmul4
                             : has(crc_engine::clmul) ? crc_engine::clmul
                                                      : crc_engine::tables;
    return best;
}

std::uint64_t crc::update(std::uint64_t value, std::span<const std::byte> data,
                          crc_engine engine) const noexcept {
    const auto ones = ~std::uint64_t{0} >> (64 - bits_);
    return divide(value ^ ones, data, engine) ^ ones;
}

std::uint64_t crc::combine(std::uint64_t first, std::uint64_t second,
                           std::uint64_t second_bytes) const noexcept {
    const auto x = times_x(one());
    return product(first, power(power(x, 8), second_bytes)) ^ second;
}

// Each step leaves a shorter message with the same remainder to the next.
std::uint64_t crc::divide(std::uint64_t remainder, std::span<const std::byte> data,
                          crc_engine engine) const noexcept {
    if (engine == crc_engine::clmul4 && data.size() >= min_fold4_bytes) {
        std::array<std::byte, fold4_left_bytes> left{};
        data = data.subspan(fold4(*this, remainder, data, left));
        remainder = divide(0, left, crc_engine::clmul);
    }
    if (engine != crc_engine::tables && data.size() >= min_fold_bytes) {
        std::array<std::byte, fold_left_bytes> left{};
        data = data.subspan(fold(*this, remainder, data, left));
        remainder = divide_by_tables(0, left);
    }
    return divide_by_tables(remainder, data);
}

std::uint64_t crc::divide_by_tables(std::uint64_t remainder,
                                    std::span<const std::byte> data) const noexcept {
    for (; data.size() >= stride; data = data.subspan(stride)) {
        const auto word = load(data.data()) ^ remainder;
        remainder = 0;
        for (std::size_t i = 0; i < stride; ++i)
            remainder ^= tables_[stride - 1 - i][(word >> (8 * i)) & 0xFFU];
    }
    for (const auto b : data)
        remainder =
            tables_[0][(remainder ^ std::to_integer<std::uint64_t>(b)) & 0xFFU] ^ (remainder >> 8U);
    return remainder;
}

}  // namespace cairn::codec
