#include "tools/text.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace cairn::tool {
namespace {

template <class... Values>
std::string print(const char* format, Values... values) {
    std::array<char, 64> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), format, values...);
    return {buffer.data(), static_cast<std::size_t>(length)};
}

using break_down = std::tm* (*)(const std::time_t*, std::tm*);

std::string print_time(s3::timestamp when, break_down into, const char* format) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(when);
    const std::time_t seconds = whole.time_since_epoch().count();
    std::tm parts{};
    if (!into(&seconds, &parts)) return "?";
    std::array<char, 64> buffer{};
    return {buffer.data(), std::strftime(buffer.data(), buffer.size(), format, &parts)};
}

template <class Options>
std::optional<codec::compression> with_level(std::string_view level) {
    Options options;
    if (level.empty()) return options;
    level.remove_prefix(1);
    const auto* const end = level.data() + level.size();
    // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): it is told the end.
    const auto read = std::from_chars(level.data(), end, options.level);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return options;
}

}  // namespace

std::string human_bytes(std::uint64_t bytes) {
    constexpr std::array units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024) return print("%d Bytes", static_cast<int>(bytes));
    auto value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    // What would be printed as 1024.0 is one of the next unit.
    for (; value >= 1023.95; ++unit) value /= 1024;
    return print("%.1f ", value) + units.at(unit);
}

std::string human_duration(std::chrono::seconds time) {
    const auto seconds = static_cast<long long>(time.count());
    if (seconds < 60) return print("%lld s", seconds);
    if (seconds < 3600) return print("%lld m %lld s", seconds / 60, seconds % 60);
    return print("%lld h %lld m", seconds / 3600, seconds / 60 % 60);
}

std::string local_time(s3::timestamp when) {
    return print_time(when, ::localtime_r, "%Y-%m-%d %H:%M:%S");
}

std::string utc_time(s3::timestamp when) {
    return print_time(when, ::gmtime_r, "%Y-%m-%dT%H:%M:%SZ");
}

std::optional<s3::timestamp> parse_time(const std::string& text) {
    for (const auto* format : {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d", "%a, %d %b %Y %H:%M:%S GMT"}) {
        std::tm parts{};
        const auto* const end = ::strptime(text.c_str(), format, &parts);
        if (end && *end == '\0') return s3::timestamp(std::chrono::seconds(::timegm(&parts)));
    }
    return std::nullopt;
}

std::optional<std::map<std::string, std::string>> parse_pairs(std::string_view text) {
    std::map<std::string, std::string> pairs;
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        const auto pair = text.substr(0, end);
        const auto equals = pair.find('=');
        if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
        pairs[std::string(pair.substr(0, equals))] = pair.substr(equals + 1);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return pairs;
}

std::optional<codec::compression> parse_compression(std::string_view text) {
    const auto colon = std::min(text.find(':'), text.size());
    const auto name = text.substr(0, colon);
    const auto level = text.substr(colon);
    if (name == name_of(codec::encoding::gzip)) return with_level<codec::gzip_options>(level);
    if (name == name_of(codec::encoding::zstd)) return with_level<codec::zstd_options>(level);
    return std::nullopt;
}

}  // namespace cairn::tool
