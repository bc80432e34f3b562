#include "testing/s3_parameters.hpp"

#include "testing/s3_refusal.hpp"
#include "wire/percent.hpp"

#include <algorithm>

namespace cairn::testing::simulated {
namespace {

// A digit that tells tokens from names.
constexpr std::string_view token_start = "1";

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto c = wire::leading_escape('%' + std::string(text.substr(i, 2)));
        if (!c) return std::nullopt;
        out += *c;
    }
    return out;
}

}  // namespace

std::optional<std::size_t> read_number(const request& r, std::string_view name) {
    const auto text = r.parameter(name);
    if (!text || text->empty()) return std::nullopt;
    constexpr std::uint64_t largest = 2'147'483'647;
    const auto value = parse_u64(*text);
    if (!value || *value > largest)
        throw invalid_argument(
            "Provided " + std::string(name) + " not an integer or within integer range",
            std::string(name), *text);
    return static_cast<std::size_t>(*value);
}

std::size_t read_limit(const request& r, std::string_view name, std::size_t most,
                       std::size_t least) {
    const auto value = read_number(r, name).value_or(most);
    if (value < least)
        throw invalid_argument(
            "Argument " + std::string(name) + " must be at least " + std::to_string(least),
            std::string(name), std::to_string(value));
    return std::min(value, most);
}

std::string make_token(std::string_view place) {
    return std::string(token_start) + to_hex(as_bytes(place));
}

std::optional<std::string> read_token(const request& r, std::string_view name) {
    const auto token = r.parameter(name);
    if (!token) return std::nullopt;
    auto place = token->starts_with(token_start) ? from_hex(token->substr(token_start.size()))
                                                 : std::nullopt;
    if (!place)
        throw invalid_argument("The continuation token provided is incorrect", std::string(name),
                               *token);
    return place;
}

bool wants_url_encoding(const request& r) {
    const auto type = r.parameter("encoding-type");
    if (!type) return false;
    if (*type != "url")
        throw invalid_argument("Invalid Encoding Method specified in Request", "encoding-type",
                               *type);
    return true;
}

std::string url_encoded(std::string_view text) {
    auto encoded = wire::percent_encode(text, true);
    for (auto at = encoded.find("%20"); at != encoded.npos; at = encoded.find("%20", at))
        encoded.replace(at, 3, "+");
    return encoded;
}

}  // namespace cairn::testing::simulated
