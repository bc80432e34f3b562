#include "s3/validate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::s3 {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(BucketNames, OfNewBucketsKeepToTheRulesOfS3) {
    for (const auto& name : {"abc"s, "photos-2024"s, "a.b.c"s, "0ab"s, std::string(63, 'a')})
        EXPECT_THAT(new_bucket_problem(name), IsEmpty()) << name;
    const std::pair<std::string, std::string> cases[] = {
        {"", "empty"},          {"ab", "3 to 63"},           {std::string(64, 'a'), "3 to 63"},
        {"Photos", "lower"},    {"my_bucket", "lower"},      {"bücher", "lower"},
        {"-abc", "begin"},      {"abc-", "begin"},           {".abc", "begin"},
        {"a..b", "dots"},       {"192.168.5.4", "IP"},       {"xn--abc", "xn--"},
        {"sthree-x", "sthree"}, {"abc-s3alias", "-s3alias"}, {"abc--ol-s3", "--ol-s3"},
        {"ab/c", "'/'"},
    };
    for (const auto& [name, what] : cases)
        EXPECT_THAT(new_bucket_problem(name), HasSubstr(what)) << name;
}

TEST(BucketNames, OfOldAndForeignBucketsAreUsable) {
    for (const auto& name :
         {"ab"s, "Photos"s, "my_bucket"s, "a..b"s, "1.2.3.4"s, std::string(255, 'A')})
        EXPECT_THAT(bucket_problem(name), IsEmpty()) << name;
    for (const auto& name :
         {""s, "a/b"s, "a\nb"s, "a\0b"s, "."s, ".."s, "\xff"s, std::string(256, 'a')})
        EXPECT_FALSE(bucket_problem(name).empty()) << name;
}

TEST(Keys, MayBeAnyUtf8OfUpTo1024Bytes) {
    for (const auto& key : {"."s, ".."s, "../x"s, "a//b"s, "/a"s, "a/"s, " "s, "+"s, "%2F"s,
                            "\n\x01"s, "\xf0\x9f\x98\xb9"s, std::string(1024, 'k')})
        EXPECT_THAT(key_problem(key), IsEmpty()) << key;
}

TEST(Keys, AreRefusedWhenS3CanNotHaveThem) {
    EXPECT_THAT(key_problem(""), HasSubstr("empty"));
    EXPECT_THAT(key_problem(std::string(1025, 'k')), HasSubstr("1025 bytes"));
    EXPECT_THAT(key_problem("a\0b"s), HasSubstr("NUL"));
    EXPECT_THAT(key_problem("a\xff"), HasSubstr("UTF-8"));
}

TEST(Utf8, IsRecognized) {
    for (const auto& text : {""s, "a"s, "\x7f"s, "\xc2\x80"s, "\xe0\xa0\x80"s, "\xed\x9f\xbf"s,
                             "\xee\x80\x80"s, "\xf0\x90\x80\x80"s, "\xf4\x8f\xbf\xbf"s})
        EXPECT_TRUE(is_utf8(text));
    for (const auto& text : {"\x80"s, "\xbf"s, "\xc0\x80"s, "\xc1\xbf"s, "\xc2"s, "\xc2\x41"s,
                             "\xe0\x80\x80"s, "\xe0\x9f\xbf"s, "\xed\xa0\x80"s, "\xed\xbf\xbf"s,
                             "\xf0\x80\x80\x80"s, "\xf0\x8f\xbf\xbf"s, "\xf4\x90\x80\x80"s,
                             "\xf5\x80\x80\x80"s, "\xf8\x88\x80\x80\x80"s, "\xff"s, "a\xe2\x82"s})
        EXPECT_FALSE(is_utf8(text));
}

TEST(Headers, MayNotSplitARequest) {
    EXPECT_THAT(header_problem("attachment; filename=\"\xc3\xa4.txt\"\tx"), IsEmpty());
    for (const auto& value : {"a\r\nb"s, "a\nb"s, "a\0b"s, "a\x7f"s})
        EXPECT_FALSE(header_problem(value).empty());
}

TEST(Metadata, ComesBackAsItWent) {
    EXPECT_THAT(metadata_problem("Author_1.x", "a, b"), IsEmpty());
    EXPECT_THAT(metadata_problem("a", ""), IsEmpty());
    EXPECT_THAT(metadata_problem("", "x"), HasSubstr("name is empty"));
    EXPECT_THAT(metadata_problem("a b", "x"), HasSubstr("'a b'"));
    EXPECT_THAT(metadata_problem("a:", "x"), HasSubstr("token"));
    EXPECT_THAT(metadata_problem("\xc3\xa4", "x"), HasSubstr("token"));
    EXPECT_THAT(metadata_problem("a", "x\r\ny"), HasSubstr("control"));
    EXPECT_THAT(metadata_problem("a", " x"), HasSubstr("blank"));
    EXPECT_THAT(metadata_problem("a", "x\t"), HasSubstr("blank"));
    EXPECT_THAT(metadata_problem("a", "\xc3\xa4"), HasSubstr("ASCII"));
}

}  // namespace
}  // namespace cairn::s3
