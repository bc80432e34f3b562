#include <cairn/codec/compression.hpp>
#include <cairn/core/ascii.hpp>

#include <optional>
#include <string>

namespace cairn::codec {
namespace {

// Each takes a transform; a stream that has gone through more is an attack or a mistake.
constexpr std::size_t max_encodings = 4;

std::optional<encoding> encoding_named(std::string_view name) {
    // RFC 9110, 8.4.1.3: "x-gzip" is the same.
    if (ascii::iequals(name, "gzip") || ascii::iequals(name, "x-gzip")) return encoding::gzip;
    if (ascii::iequals(name, "zstd")) return encoding::zstd;
    return std::nullopt;
}

bool is_none(std::string_view name) {
    return name.empty() || ascii::iequals(name, "aws-chunked") || ascii::iequals(name, "identity");
}

}  // namespace

std::string_view name_of(encoding e) noexcept {
    return e == encoding::gzip ? "gzip" : "zstd";
}

result<std::vector<encoding>> parse_content_encoding(std::string_view value) {
    std::vector<encoding> found;
    while (!value.empty()) {
        const auto comma = value.find(',');
        const auto name = ascii::trim(value.substr(0, comma));
        value = comma == std::string_view::npos ? std::string_view() : value.substr(comma + 1);
        if (is_none(name)) continue;
        const auto known = encoding_named(name);
        if (!known)
            return error(errc::invalid_argument,
                         "the content encoding \"" + std::string(name) + "\" is not known")
                .hint("cairn decompresses gzip and zstd; take the content as it is");
        if (found.size() == max_encodings)
            return error(errc::invalid_argument, "the content has been encoded more than 4 times");
        found.push_back(*known);
    }
    return found;
}

}  // namespace cairn::codec
