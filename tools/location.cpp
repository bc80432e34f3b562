#include "tools/location.hpp"

#include <cairn/transfer/pattern.hpp>

#include <algorithm>
#include <utility>

namespace cairn::tool {

s3_url::s3_url(std::string in_bucket, std::string with_key)
    : bucket(std::move(in_bucket)), key(std::move(with_key)) {}

bool s3_url::has_wildcards() const {
    return !transfer::pattern(key).is_literal();
}

std::optional<s3_url> parse_s3_url(std::string_view text) {
    constexpr std::string_view scheme = "s3://";
    if (!text.starts_with(scheme)) return std::nullopt;
    text.remove_prefix(scheme.size());
    const auto slash = std::min(text.find('/'), text.size());
    const auto key = text.substr(std::min(slash + 1, text.size()));
    return s3_url(std::string(text.substr(0, slash)), std::string(key));
}

location::location(std::string_view text) : url(parse_s3_url(text)) {
    if (!url) file = text;
}

std::string folder_key(std::string key) {
    if (!key.empty() && key.back() != '/') key += '/';
    return key;
}

std::string_view last_segment(std::string_view key) {
    return key.substr(key.rfind('/') + 1);
}

}  // namespace cairn::tool
