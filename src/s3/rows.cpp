#include "s3/rows.hpp"

#include "s3/timestamp.hpp"

#include <cairn/wire/http.hpp>

#include <charconv>

namespace cairn::s3::rows {

std::string scalar<std::string>::text(const std::string& value, time_format) {
    return value;
}
bool scalar<std::string>::parse(std::string& value, std::string_view text, time_format) {
    value = text;
    return true;
}

std::string scalar<copy_source>::text(const copy_source& value, time_format) {
    auto text = wire::percent_encode(value.bucket) + '/' + wire::percent_encode(value.key, true);
    if (value.version_id) text += "?versionId=" + wire::percent_encode(*value.version_id);
    return text;
}
// Requests only.
bool scalar<copy_source>::parse(copy_source&, std::string_view, time_format) {
    return false;
}

std::string scalar<secret>::text(const secret& value, time_format) {
    return std::string(value.reveal());
}
bool scalar<secret>::parse(secret& value, std::string_view text, time_format) {
    value = secret(std::string(text));
    return true;
}

std::string scalar<std::int64_t>::text(const std::int64_t& value, time_format) {
    return std::to_string(value);
}
bool scalar<std::int64_t>::parse(std::int64_t& value, std::string_view text, time_format) {
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc{} && end == text.data() + text.size();
}

std::string scalar<bool>::text(const bool& value, time_format) {
    return value ? "true" : "false";
}
bool scalar<bool>::parse(bool& value, std::string_view text, time_format) {
    value = text == "true" || text == "True" || text == "TRUE" || text == "1";
    return value || text == "false" || text == "False" || text == "FALSE" || text == "0";
}

std::string scalar<timestamp>::text(const timestamp& value, time_format format) {
    return format == time_format::http_date ? format_http_date(value) : format_iso8601(value);
}
bool scalar<timestamp>::parse(timestamp& value, std::string_view text, time_format) {
    const auto parsed = parse_timestamp(text);
    if (parsed) value = *parsed;
    return parsed.has_value();
}

}  // namespace cairn::s3::rows
