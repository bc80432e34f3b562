#include "s3/timestamp.hpp"

#include <gtest/gtest.h>

namespace cairn::s3 {
namespace {

namespace chrono = std::chrono;
using namespace std::chrono_literals;

const timestamp moment =
    timestamp(chrono::sys_days(chrono::year(1994) / 11 / 6)) + 8h + 49min + 37s;

TEST(Timestamp, IsReadWithAnOffset) {
    EXPECT_EQ(parse_iso8601("1994-11-06T09:49:37+01:00"), moment);
    EXPECT_EQ(parse_iso8601("1994-11-05T23:19:37-09:30"), moment);
    EXPECT_EQ(parse_iso8601("1994-11-06t08:49:37z"), moment);
}

TEST(Timestamp, IsReadInEitherForm) {
    EXPECT_EQ(parse_timestamp("1994-11-06T08:49:37.1234567Z"), moment + 123456us);
    EXPECT_EQ(parse_timestamp("Sun, 06 Nov 1994 08:49:37 GMT"), moment);
    EXPECT_EQ(parse_timestamp("Sun, 6 Nov 1994 08:49:37 GMT"), moment);
}

TEST(Timestamp, IsNothingWhenItIsNoDate) {
    for (const std::string_view text : {"",
                                        "0",
                                        "-1",
                                        "now",
                                        "1994-11-06",
                                        "1994-11-06T08:49:37",
                                        "1994-11-06T08:49Z",
                                        "1994-13-06T08:49:37Z",
                                        "1994-02-30T08:49:37Z",
                                        "1994-11-06T24:00:00Z",
                                        "1994-11-06T08:60:00Z",
                                        "1994-11-06T08:49:37.Z",
                                        "1994-11-06T08:49:37Zx",
                                        "1994-11-06T08:49:37+24:00",
                                        "1994-11-06T08:49:37+0100",
                                        "94-11-06T08:49:37Z",
                                        "Xxx, 06 Nov 1994 08:49:37 GMT",
                                        "Sun, 06 Xxx 1994 08:49:37 GMT",
                                        "Sun, 06 Nov 1994 08:49:37",
                                        "Sun, 06 Nov 1994 08:49:37 PST",
                                        "Sun, 31 Feb 1994 08:49:37 GMT",
                                        "Sun"})
        EXPECT_FALSE(parse_timestamp(text)) << text;
}

TEST(Timestamp, IsWrittenBack) {
    EXPECT_EQ(format_http_date(moment + 900ms), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(format_iso8601(moment), "1994-11-06T08:49:37Z");
    EXPECT_EQ(format_iso8601(moment + 120ms), "1994-11-06T08:49:37.12Z");
    EXPECT_EQ(format_iso8601(timestamp(-1us)), "1969-12-31T23:59:59.999999Z");
}

TEST(Timestamp, OfAYearWithoutFourDigitsHasNoForm) {
    const auto far = timestamp(chrono::sys_days(chrono::year(10000) / 1 / 1));
    EXPECT_EQ(format_iso8601(far), "");
    EXPECT_EQ(format_http_date(far), "");
}

}  // namespace
}  // namespace cairn::s3
