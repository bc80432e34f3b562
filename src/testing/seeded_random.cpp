#include <cairn/testing/seeded_random.hpp>

#include <algorithm>
#include <bit>

namespace cairn::testing {
namespace {

// SplitMix64, which the authors of xoshiro advise to seed it with: https://prng.di.unimi.it
std::uint64_t splitmix64(std::uint64_t& state) noexcept {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

}  // namespace

seeded_random::seeded_random(std::uint64_t seed) noexcept : state_() {
    for (auto& word : state_) word = splitmix64(seed);
}

// xoshiro256** 1.0 of D. Blackman and S. Vigna, from the same place.
std::uint64_t seeded_random::next() noexcept {
    const auto result = std::rotl(state_[1] * 5, 7) * 9;
    const auto shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

void seeded_random::fill(std::span<std::byte> out) noexcept {
    const std::lock_guard lock(mutex_);
    while (!out.empty()) {
        const auto word = next();
        const auto n = std::min(out.size(), sizeof word);
        for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::byte>(word >> (8 * i));
        out = out.subspan(n);
    }
}

bool seeded_random::chance(double probability) noexcept {
    if (probability <= 0 || probability >= 1) return probability >= 1;
    return next_part() < probability;
}

}  // namespace cairn::testing
