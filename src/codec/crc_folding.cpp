#include "codec/crc_folding.hpp"

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace cairn::codec {

#ifdef __x86_64__

// Functions of one target are inlined into each other.
#define CAIRN_CLMUL [[gnu::target("sse4.1,pclmul")]]
#define CAIRN_CLMUL4 [[gnu::target("avx512f,pclmul,vpclmulqdq")]]

namespace {

CAIRN_CLMUL inline __m128i load(const std::byte* from) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}
CAIRN_CLMUL inline __m128i pair_of(crc::fold_keys keys) noexcept {
    return _mm_set_epi64x(static_cast<long long>(keys.second), static_cast<long long>(keys.first));
}
// `block`, moved on, and what is there.
CAIRN_CLMUL inline __m128i moved(__m128i block, __m128i keys, __m128i there) noexcept {
    const auto first = _mm_clmulepi64_si128(block, keys, 0x00);
    const auto second = _mm_clmulepi64_si128(block, keys, 0x11);
    return _mm_xor_si128(_mm_xor_si128(first, second), there);
}

CAIRN_CLMUL4 inline __m512i load4(const std::byte* from) noexcept {
    return _mm512_loadu_si512(from);
}
CAIRN_CLMUL4 inline __m512i pairs_of(crc::fold_keys keys) noexcept {
    const auto first = static_cast<long long>(keys.first);
    const auto second = static_cast<long long>(keys.second);
    return _mm512_set4_epi64(second, first, second, first);
}
CAIRN_CLMUL4 inline __m512i moved4(__m512i block, __m512i keys, __m512i there) noexcept {
    constexpr int exclusive_or = 0x96;
    const auto first = _mm512_clmulepi64_epi128(block, keys, 0x00);
    const auto second = _mm512_clmulepi64_epi128(block, keys, 0x11);
    return _mm512_ternarylogic_epi64(first, second, there, exclusive_or);
}

}  // namespace

bool has(crc_engine engine) noexcept {
    switch (engine) {
        case crc_engine::tables:
            return true;
        case crc_engine::clmul:
            return __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("pclmul");
        case crc_engine::clmul4:
            return has(crc_engine::clmul) && __builtin_cpu_supports("avx512f") &&
                   __builtin_cpu_supports("vpclmulqdq");
    }
    return false;
}

// Four blocks at a time, since one multiplication need not wait for another's result.
CAIRN_CLMUL std::size_t fold(const crc& kind, std::uint64_t remainder,
                             std::span<const std::byte> data,
                             std::span<std::byte, fold_left_bytes> left) noexcept {
    const auto* at = data.data();
    const auto* const end = at + data.size() / 64 * 64;
    const auto start = _mm_cvtsi64_si128(static_cast<long long>(remainder));
    auto a = _mm_xor_si128(load(at), start);
    auto b = load(at + 16);
    auto c = load(at + 32);
    auto d = load(at + 48);
    const auto by_512 = pair_of(kind.by_512());
    for (at += 64; at != end; at += 64) {
        a = moved(a, by_512, load(at));
        b = moved(b, by_512, load(at + 16));
        c = moved(c, by_512, load(at + 32));
        d = moved(d, by_512, load(at + 48));
    }
    const auto by_128 = pair_of(kind.by_128());
    const auto all = moved(moved(moved(a, by_128, b), by_128, c), by_128, d);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(left.data()), all);
    return static_cast<std::size_t>(end - data.data());
}

CAIRN_CLMUL4 std::size_t fold4(const crc& kind, std::uint64_t remainder,
                               std::span<const std::byte> data,
                               std::span<std::byte, fold4_left_bytes> left) noexcept {
    const auto* at = data.data();
    const auto* const end = at + data.size() / 256 * 256;
    const auto start = _mm_cvtsi64_si128(static_cast<long long>(remainder));
    auto a = _mm512_xor_si512(load4(at), _mm512_zextsi128_si512(start));
    auto b = load4(at + 64);
    auto c = load4(at + 128);
    auto d = load4(at + 192);
    const auto by_2048 = pairs_of(kind.by_2048());
    for (at += 256; at != end; at += 256) {
        a = moved4(a, by_2048, load4(at));
        b = moved4(b, by_2048, load4(at + 64));
        c = moved4(c, by_2048, load4(at + 128));
        d = moved4(d, by_2048, load4(at + 192));
    }
    const auto by_512 = pairs_of(kind.by_512());
    const auto all = moved4(moved4(moved4(a, by_512, b), by_512, c), by_512, d);
    _mm512_storeu_si512(left.data(), all);
    return static_cast<std::size_t>(end - data.data());
}

#else

bool has(crc_engine engine) noexcept {
    return engine == crc_engine::tables;
}
std::size_t fold(const crc&, std::uint64_t, std::span<const std::byte>,
                 std::span<std::byte, fold_left_bytes>) noexcept {
    return 0;
}
std::size_t fold4(const crc&, std::uint64_t, std::span<const std::byte>,
                  std::span<std::byte, fold4_left_bytes>) noexcept {
    return 0;
}

#endif

}  // namespace cairn::codec
