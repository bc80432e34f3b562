#include "tools/location.hpp"
#include "tools/media_type.hpp"
#include "tools/progress.hpp"
#include "tools/report.hpp"
#include "tools/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace cairn::tool {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Pair;

// --- URLs ---

TEST(S3Url, HasBucketAndKey) {
    const auto parts = [](std::string_view text) {
        const auto url = parse_s3_url(text);
        return url ? url->bucket + "|" + url->key + "|" + url->text() : "none";
    };
    EXPECT_EQ(parts("s3://b/k"), "b|k|s3://b/k");
    EXPECT_EQ(parts("s3://b/dir//k/"), "b|dir//k/|s3://b/dir//k/");
    EXPECT_EQ(parts("s3://b//k"), "b|/k|s3://b//k");
    EXPECT_EQ(parts("s3://b/"), "b||s3://b");
    EXPECT_EQ(parts("s3://b"), "b||s3://b");
    EXPECT_EQ(parts("s3://"), "||s3://");
    for (const auto* file : {"", "b/k", "s3:/b/k", "S3://b/k", "/s3://b/k"})
        EXPECT_EQ(parts(file), "none") << file;
}

TEST(S3Url, KnowsWhatItStandsFor) {
    EXPECT_TRUE(s3_url("b", "a*").has_wildcards());
    EXPECT_TRUE(s3_url("b", "?").has_wildcards());
    EXPECT_TRUE(s3_url("b", "a[1]").has_wildcards());
    EXPECT_TRUE(s3_url("b", "[[]").has_wildcards());
    for (const auto* key : {"", "a", "a]", "a[1", "]a[", "a[]", "a[!]"})
        EXPECT_FALSE(s3_url("b", key).has_wildcards()) << key;
    EXPECT_TRUE(s3_url("b", "").is_folder());
    EXPECT_TRUE(s3_url("b", "a/").is_folder());
    EXPECT_FALSE(s3_url("b", "a").is_folder());
    EXPECT_EQ(folder_key(""), "");
    EXPECT_EQ(folder_key("a"), "a/");
    EXPECT_EQ(folder_key("a/"), "a/");
    EXPECT_EQ(last_segment("a/b"), "b");
    EXPECT_EQ(last_segment("b"), "b");
    EXPECT_EQ(last_segment("a/"), "");
}

// --- Texts ---

TEST(HumanBytes, HaveAUnitThatFits) {
    EXPECT_EQ(human_bytes(0), "0 Bytes");
    EXPECT_EQ(human_bytes(1023), "1023 Bytes");
    EXPECT_EQ(human_bytes(1024), "1.0 KiB");
    EXPECT_EQ(human_bytes(1536), "1.5 KiB");
    EXPECT_EQ(human_bytes((1 << 20) - 1), "1.0 MiB");
    EXPECT_EQ(human_bytes(1 << 20), "1.0 MiB");
    EXPECT_EQ(human_bytes(std::uint64_t(-1)), "16.0 EiB");
}

TEST(HumanDuration, HasTwoUnitsAtMost) {
    EXPECT_EQ(human_duration(0s), "0 s");
    EXPECT_EQ(human_duration(59s), "59 s");
    EXPECT_EQ(human_duration(60s), "1 m 0 s");
    EXPECT_EQ(human_duration(3599s), "59 m 59 s");
    EXPECT_EQ(human_duration(50h + 61s), "50 h 1 m");
}

TEST(Times, AreReadAndWritten) {
    const auto moment = s3::timestamp(1'700'000'000s);
    EXPECT_EQ(utc_time(moment + 999'999us), "2023-11-14T22:13:20Z");
    for (const auto* text : {"2023-11-14T22:13:20Z", "Tue, 14 Nov 2023 22:13:20 GMT"})
        EXPECT_EQ(parse_time(text), moment);
    EXPECT_EQ(utc_time(parse_time("2023-11-14").value()), "2023-11-14T00:00:00Z");
    for (const auto* text : {"", "soon", "2023-11-14T22:13:20", "2023-11-14x", "2023-13-01"})
        EXPECT_FALSE(parse_time(text)) << text;
}

TEST(Times, AreLocalForPeople) {
    ::setenv("TZ", "UTC-2", 1);
    ::tzset();
    EXPECT_EQ(local_time(s3::timestamp(1'700'000'000s)), "2023-11-15 00:13:20");
    ::unsetenv("TZ");
    ::tzset();
}

TEST(Pairs, AreReadByName) {
    EXPECT_THAT(parse_pairs("a=1,b=x=y,c=").value(),
                ElementsAre(Pair("a", "1"), Pair("b", "x=y"), Pair("c", "")));
    for (const auto* text : {"a", "=1", "a=1,,b=2"}) EXPECT_FALSE(parse_pairs(text)) << text;
}

TEST(Compression, HasALevelOrNot) {
    const auto gzip_level = [](std::string_view text) {
        return std::get<codec::gzip_options>(parse_compression(text).value()).level;
    };
    const auto zstd_level = [](std::string_view text) {
        return std::get<codec::zstd_options>(parse_compression(text).value()).level;
    };
    EXPECT_EQ(gzip_level("gzip"), codec::gzip_options().level);
    EXPECT_EQ(gzip_level("gzip:9"), 9);
    EXPECT_EQ(zstd_level("zstd"), codec::zstd_options().level);
    EXPECT_EQ(zstd_level("zstd:-5"), -5);
    for (const auto* text : {"", ":", "gz", "gzip:", "gzip:x", "gzip:9x", "gzip 9", "zstd:1:2"})
        EXPECT_FALSE(parse_compression(text)) << text;
}

TEST(MediaType, IsToldByTheEndOfTheName) {
    EXPECT_EQ(media_type_of("index.html"), "text/html");
    EXPECT_EQ(media_type_of("a.b/PHOTO.JPG"), "image/jpeg");
    EXPECT_EQ(media_type_of("backup.tar.gz"), "application/gzip");
    EXPECT_EQ(media_type_of("old.7z"), "application/x-7z-compressed");
    EXPECT_EQ(media_type_of("new.zst"), "application/zstd");
    for (const auto* name : {"", "html", ".html", "a.html/b", "a.", "a.htmlx", "a.ht", "a.zzz"})
        EXPECT_EQ(media_type_of(name), "") << name;
}

// --- Progress ---

TEST(Progress, SaysWhatIsKnown) {
    progress_count count;
    count.bytes = 512 << 20;
    count.objects = 3;
    count.total_objects = 10;
    EXPECT_EQ(progress_line(count, 0), "512.0 MiB, 0 Bytes/s, 3 of 10 or more objects");
    count.total_bytes = 1 << 30;
    count.all_known = true;
    EXPECT_EQ(progress_line(count, 8 << 20),
              "512.0 MiB of 1.0 GiB (50%), 8.0 MiB/s, 1 m 4 s left, 3 of 10 objects");
    EXPECT_EQ(progress_line(count, 0), "512.0 MiB of 1.0 GiB (50%), 0 Bytes/s, 3 of 10 objects");
    count.bytes = count.total_bytes;
    count.total_objects = 1;
    EXPECT_EQ(progress_line(count, 1), "1.0 GiB of 1.0 GiB (100%), 1 Bytes/s");
    count.total_bytes = 0;
    EXPECT_EQ(progress_line(count, 1), "1.0 GiB, 1 Bytes/s");
}

TEST(RateMeter, ForgetsWhatWasLongAgo) {
    rate_meter rate;
    const rate_meter::time_point begin{};
    EXPECT_EQ(rate.bytes_a_second(), 0U);
    rate.add(begin, 0);
    EXPECT_EQ(rate.bytes_a_second(), 0U);
    rate.add(begin + 2s, 4000);
    EXPECT_EQ(rate.bytes_a_second(), 2000U);
    for (int second = 3; second <= 30; ++second) rate.add(begin + second * 1s, 4000);
    EXPECT_EQ(rate.bytes_a_second(), 0U);
}

TEST(ProgressFollower, CountsABeginningAgainOnce) {
    asio::io_context context;
    progress_display display(context.get_executor());
    const auto follow = display.follow();
    transfer::progress now;
    for (const std::uint64_t bytes : {10, 30, 0, 20}) {
        now.bytes = bytes;
        follow(now);
        EXPECT_EQ(display.count().bytes, bytes);
    }
}

// --- Errors ---

TEST(ErrorLine, NamesTheObjectAndEndsInWhatToDo) {
    error e(errc::not_found);
    e.operation("GetObject s3://b/k").s3_code("NoSuchKey").s3_message("No\nkey").request_id("id");
    EXPECT_EQ(error_line("cat s3://b/k", e), "cairn: cat s3://b/k: NoSuchKey: No key");
    e.hint("look again");
    EXPECT_EQ(error_line("cat s3://b/k", e), "cairn: cat s3://b/k: NoSuchKey: No key (look again)");
}

}  // namespace
}  // namespace cairn::tool
