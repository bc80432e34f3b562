#pragma once

#include <cairn/s3/types.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cairn::s3 {

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7); empty if the year has not four
/// digits.
std::string format_http_date(timestamp when);
/// "1994-11-06T08:49:37.125Z" (RFC 3339), with as many decimals as it takes; empty if the year has
/// not four digits.
std::string format_iso8601(timestamp when);

/// Nothing unless `text` is a date of that form, whole. Digits beyond the microsecond are dropped.
std::optional<timestamp> parse_http_date(std::string_view text);
std::optional<timestamp> parse_iso8601(std::string_view text);

/// Either form: servers don't always keep to the one that S3's model gives.
std::optional<timestamp> parse_timestamp(std::string_view text);

}  // namespace cairn::s3
