#include <cairn/core/bytes.hpp>
#include <cairn/testing/seeded_random.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace cairn::testing {
namespace {

std::string bytes_of(seeded_random& chance, std::size_t n) {
    std::vector<std::byte> out(n);
    chance.fill(out);
    return to_hex(out);
}

// What the generators' authors' own code gives for seeds 0 and 1.
TEST(seeded_random, GivesTheSameBytesEverywhere) {
    seeded_random zero(0);
    EXPECT_EQ(zero.next_u64(), 0x99ec5f36cb75f2b4U);
    EXPECT_EQ(zero.next_u64(), 0xbf6e1f784956452aU);
    seeded_random one(1);
    EXPECT_EQ(one.next_u64(), 0xb3f2af6d0fc710c5U);
}

TEST(seeded_random, FillsAnyNumberOfBytes) {
    for (std::size_t n = 0; n <= 33; ++n) {
        seeded_random a(7);
        seeded_random b(7);
        const auto whole = bytes_of(a, 40);
        EXPECT_EQ(bytes_of(b, n), whole.substr(0, 2 * n)) << n;
    }
}

TEST(seeded_random, SeedsDiffer) {
    seeded_random a(1);
    seeded_random b(2);
    EXPECT_NE(bytes_of(a, 32), bytes_of(b, 32));
}

TEST(seeded_random, IsEven) {
    seeded_random chance(1);
    std::array<int, 6> faces{};
    int heads = 0;
    for (int i = 0; i < 6000; ++i) {
        ++faces[chance.below(6)];
        heads += chance.chance(0.25) ? 1 : 0;
    }
    for (const int n : faces) EXPECT_NEAR(n, 1000, 150);
    EXPECT_NEAR(heads, 1500, 200);
}

TEST(seeded_random, WhatIsCertainDrawsNothing) {
    seeded_random a(1);
    seeded_random b(1);
    EXPECT_FALSE(a.chance(0));
    EXPECT_TRUE(a.chance(1));
    EXPECT_EQ(a.next_u64(), b.next_u64());
}

}  // namespace
}  // namespace cairn::testing
