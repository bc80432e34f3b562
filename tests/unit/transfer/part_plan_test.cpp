#include "transfer/part_plan.hpp"

#include <gtest/gtest.h>

namespace cairn::transfer {
namespace {

constexpr std::uint64_t mebibyte = 1ULL << 20U;

part_plan plan(std::uint64_t object, std::uint64_t part) {
    return part_plan::of_object(object, part).value();
}

TEST(part_plan, cuts_an_object_into_parts_of_one_size_and_a_rest) {
    const auto p = plan(20 * mebibyte + 1, 8 * mebibyte);
    ASSERT_EQ(p.count(), 3U);
    EXPECT_EQ(p.part(0), (byte_range{0, 8 * mebibyte}));
    EXPECT_EQ(p.part(1), (byte_range{8 * mebibyte, 8 * mebibyte}));
    EXPECT_EQ(p.part(2), (byte_range{16 * mebibyte, 4 * mebibyte + 1}));
}

TEST(part_plan, has_no_empty_part_but_of_an_empty_object) {
    EXPECT_EQ(plan(16 * mebibyte, 8 * mebibyte).count(), 2U);
    EXPECT_EQ(plan(16 * mebibyte - 1, 8 * mebibyte).part(1).size, 8 * mebibyte - 1);
    EXPECT_EQ(plan(1, 8 * mebibyte).part(0), (byte_range{0, 1}));
    EXPECT_EQ(plan(0, 8 * mebibyte).count(), 1U);
    EXPECT_EQ(plan(0, 8 * mebibyte).part(0), (byte_range{0, 0}));
}

TEST(part_plan, enlarges_parts_to_keep_to_S3s_number_of_them) {
    EXPECT_EQ(plan(10'000 * 8 * mebibyte, 8 * mebibyte).part_bytes(), 8 * mebibyte);
    const auto larger = plan(10'000 * 8 * mebibyte + 1, 8 * mebibyte);
    EXPECT_EQ(larger.part_bytes(), 9 * mebibyte);
    EXPECT_LE(larger.count(), max_parts);
}

TEST(part_plan, reaches_S3s_largest_object_and_no_further) {
    const auto largest = plan(max_object_bytes, 8 * mebibyte);
    EXPECT_EQ(largest.part_bytes(), max_part_bytes);
    EXPECT_EQ(largest.count(), max_parts);
    EXPECT_EQ(largest.part(max_parts - 1).end(), max_object_bytes);
    EXPECT_EQ(part_plan::of_object(max_object_bytes + 1, 8 * mebibyte).error().code(),
              errc::invalid_argument);
}

TEST(part_plan, takes_no_part_beyond_S3s_largest) {
    EXPECT_EQ(plan(6ULL << 30U, 6ULL << 30U).part_bytes(), max_part_bytes);
    EXPECT_EQ(plan(5ULL << 30U, 6ULL << 30U).count(), 1U);
    EXPECT_EQ(plan((5ULL << 30U) + 1, 6ULL << 30U).count(), 2U);
}

TEST(growing_parts, double_and_stop_at_S3s_largest) {
    EXPECT_EQ(growing_part_bytes(0, 8 * mebibyte), 8 * mebibyte);
    EXPECT_EQ(growing_part_bytes(999, 8 * mebibyte), 8 * mebibyte);
    EXPECT_EQ(growing_part_bytes(1'000, 8 * mebibyte), 16 * mebibyte);
    EXPECT_EQ(growing_part_bytes(9'999, 8 * mebibyte), 8 * mebibyte << 9U);
    EXPECT_EQ(growing_part_bytes(9'999, 64 * mebibyte), max_part_bytes);
}

}  // namespace
}  // namespace cairn::transfer
