#pragma once

#include "codec/crc.hpp"

/// CRCs by carry-less multiplication: a block of a message is moved on by multiplying it with a
/// power of x, modulo the polynomial, and added to the block that is there.
/// Source: Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
/// Instruction", Intel, 2009.
namespace cairn::codec {

inline constexpr std::size_t min_fold_bytes = 64;
inline constexpr std::size_t fold_left_bytes = 16;
inline constexpr std::size_t min_fold4_bytes = 256;
inline constexpr std::size_t fold4_left_bytes = 64;

/// Makes of the start of `data`, behind a message with that remainder, a message `left` that has
/// the same remainder by itself, and gives the length of that start: all of `data` but less than
/// `min_fold_bytes`. Only if there is `crc_engine::clmul`.
std::size_t fold(const crc& kind, std::uint64_t remainder, std::span<const std::byte> data,
                 std::span<std::byte, fold_left_bytes> left) noexcept;
/// The same, if there is `crc_engine::clmul4`; all of `data` but less than `min_fold4_bytes`.
std::size_t fold4(const crc& kind, std::uint64_t remainder, std::span<const std::byte> data,
                  std::span<std::byte, fold4_left_bytes> left) noexcept;

}  // namespace cairn::codec
