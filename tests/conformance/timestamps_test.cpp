#include "s3/timestamp.hpp"
#include "support/vectors.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>

// Timestamps, formatted and parsed. The cases of `epoch-seconds` don't apply: no member of S3 has
// that format.
namespace cairn::test {
namespace {

namespace json = boost::json;
namespace chrono = std::chrono;
using s3::timestamp;

// Cut to the microsecond, towards the past as the cases have it.
timestamp moment(const json::object& c) {
    const std::string_view text = c.at("canonical_seconds").as_string();
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    const chrono::nanoseconds rest(c.at("canonical_nanos").as_int64());
    return timestamp(chrono::seconds(seconds)) + chrono::floor<chrono::microseconds>(rest);
}

std::string_view wire_text(const json::object& c) {
    const auto* const found = c.if_contains("smithy_format_value");
    return found ? std::string_view(found->as_string()) : std::string_view();
}

class Timestamps : public ::testing::Test {
  protected:
    template <class Check>
    static void each(std::string_view section, std::size_t count, const Check& check) {
        CAIRN_REQUIRE_VECTORS(file, "timestamps/date_time_format_test_suite.json");
        const auto all = read_json(file).at(section).as_array();
        EXPECT_EQ(all.size(), count);
        for (const auto& c : all) {
            SCOPED_TRACE(json::serialize(c));
            check(c.as_object());
        }
    }
};

TEST_F(Timestamps, FormatHttpDate) {
    each("format_http_date", 122,
         [](const json::object& c) { EXPECT_EQ(s3::format_http_date(moment(c)), wire_text(c)); });
}

TEST_F(Timestamps, FormatIso8601) {
    each("format_date_time", 122,
         [](const json::object& c) { EXPECT_EQ(s3::format_iso8601(moment(c)), wire_text(c)); });
}

TEST_F(Timestamps, ParseHttpDate) {
    each("parse_http_date", 86, [](const json::object& c) {
        EXPECT_EQ(s3::parse_http_date(wire_text(c)), moment(c));
        EXPECT_EQ(s3::parse_timestamp(wire_text(c)), moment(c));
    });
}

TEST_F(Timestamps, ParseIso8601) {
    each("parse_date_time", 86, [](const json::object& c) {
        EXPECT_EQ(s3::parse_iso8601(wire_text(c)), moment(c));
        EXPECT_EQ(s3::parse_timestamp(wire_text(c)), moment(c));
    });
}

}  // namespace
}  // namespace cairn::test
