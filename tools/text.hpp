#pragma once

#include <cairn/codec/compression.hpp>
#include <cairn/s3/types.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::tool {

/// "1.5 KiB", "12 Bytes": three or four digits at most.
std::string human_bytes(std::uint64_t bytes);

/// "7 s", "3 m 20 s", "2 h 5 m".
std::string human_duration(std::chrono::seconds time);

/// "2026-11-23 23:17:42", in the time zone of whoever reads it.
std::string local_time(s3::timestamp when);
/// "2026-11-23T23:17:42Z".
std::string utc_time(s3::timestamp when);

/// Nothing unless `text` is "2026-11-23T23:17:42Z", "2026-11-23", or
/// "Mon, 23 Nov 2026 23:17:42 GMT".
std::optional<s3::timestamp> parse_time(const std::string& text);

/// "a=1,b=2" as a map; nothing if a part has no name.
std::optional<std::map<std::string, std::string>> parse_pairs(std::string_view text);

/// "gzip", "zstd:19": how, and how hard; nothing for what is neither. Any number is a level here.
std::optional<codec::compression> parse_compression(std::string_view text);

}  // namespace cairn::tool
