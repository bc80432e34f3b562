#include "s3/page_cursor.hpp"

#include <gtest/gtest.h>

namespace cairn::s3 {
namespace {

TEST(PageCursor, FollowsTokensToTheEnd) {
    page_cursor cursor(std::nullopt);
    EXPECT_FALSE(cursor.done());
    EXPECT_FALSE(cursor.token());
    ASSERT_TRUE(cursor.advance(true, "t1"));
    EXPECT_EQ(cursor.token(), "t1");
    ASSERT_TRUE(cursor.advance(true, "t2"));
    EXPECT_EQ(cursor.token(), "t2");
    EXPECT_FALSE(cursor.done());
    ASSERT_TRUE(cursor.advance(false, std::nullopt));
    EXPECT_TRUE(cursor.done());
}

TEST(PageCursor, StartsAtTheCallersToken) {
    const page_cursor cursor("here");
    EXPECT_EQ(cursor.token(), "here");
}

TEST(PageCursor, TakesTheLastPagesWordForItsBeingTheLast) {
    page_cursor cursor(std::nullopt);
    ASSERT_TRUE(cursor.advance(false, "left over"));
    EXPECT_TRUE(cursor.done());
}

TEST(PageCursor, RefusesAPageWithoutAWayOn) {
    for (const std::optional<std::string>& none :
         {std::optional<std::string>(), std::optional<std::string>("")}) {
        page_cursor cursor("t1");
        const auto advanced = cursor.advance(true, none);
        ASSERT_FALSE(advanced);
        EXPECT_EQ(advanced.error().code(), errc::malformed_reply);
        EXPECT_EQ(cursor.token(), "t1") << "the same page can be asked for again";
        EXPECT_FALSE(cursor.done());
    }
}

TEST(PageCursor, RefusesTheTokenThatItCameWith) {
    page_cursor cursor("t1");
    const auto advanced = cursor.advance(true, "t1");
    ASSERT_FALSE(advanced);
    EXPECT_EQ(advanced.error().code(), errc::malformed_reply);
}

class PageCycles : public ::testing::TestWithParam<std::pair<int, int>> {};

TEST_P(PageCycles, AreFound) {
    const auto [before, length] = GetParam();
    page_cursor cursor(std::nullopt);
    int pages = 0;
    for (int i = 0; pages < 10 * (before + length); ++pages) {
        if (!cursor.advance(true, std::to_string(i))) break;
        i = i + 1 < before + length ? i + 1 : before;
    }
    EXPECT_LT(pages, 4 * (before + length) + 1);
}

INSTANTIATE_TEST_SUITE_P(OfAnyLength, PageCycles,
                         ::testing::Values(std::pair(0, 1), std::pair(0, 2), std::pair(5, 2),
                                           std::pair(0, 3), std::pair(7, 3), std::pair(100, 37)));

TEST(PageCursor, NeverMistakesALongListingForACycle) {
    page_cursor cursor(std::nullopt);
    for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(cursor.advance(true, std::to_string(i)));
}

}  // namespace
}  // namespace cairn::s3
