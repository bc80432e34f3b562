#include "testing/s3_request.hpp"

#include "testing/s3_refusal.hpp"
#include "wire/percent.hpp"

#include <cairn/core/ascii.hpp>

#include <algorithm>

namespace cairn::testing::simulated {
namespace {

constexpr std::size_t longest_key = 1024;

refusal invalid_uri() {
    return {400, "InvalidURI", "Couldn't parse the specified URI."};
}

std::string decoded(std::string_view text) {
    for (auto at = text.find('%'); at != text.npos; at = text.find('%', at + 1))
        if (!wire::leading_escape(text.substr(at))) throw invalid_uri();
    return wire::percent_decode(text);
}

// A part of `text` up to `end`; `text` loses both.
std::string_view cut(std::string_view& text, char end) {
    const auto part = text.substr(0, text.find(end));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> query;
    while (!text.empty()) {
        auto one = cut(text, '&');
        if (one.empty()) continue;
        const auto name = cut(one, '=');
        query.emplace_back(decoded(name), decoded(one));
    }
    return query;
}

// Source: AWS, "Naming Amazon S3 objects": relative elements that lead above the bucket are
// invalid.
bool climbs_out(std::string_view key) {
    int depth = 0;
    while (!key.empty()) {
        depth += cut(key, '/') == ".." ? -1 : 1;
        if (depth < 0) return true;
    }
    return false;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto lead = static_cast<unsigned char>(text.front());
        const std::size_t size = lead < 0x80   ? 1
                                 : lead < 0xc2 ? 0
                                 : lead < 0xe0 ? 2
                                 : lead < 0xf0 ? 3
                                 : lead < 0xf5 ? 4
                                               : 0;
        if (size == 0 || size > text.size()) return false;
        const auto continues = [](char c) {
            return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
        };
        if (!std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(size),
                         continues))
            return false;
        text.remove_prefix(size);
    }
    return true;
}

void check_key(const std::string& key) {
    if (key.size() > longest_key)
        throw refusal(400, "KeyTooLongError", "Your key is too long")
            .with("Size", std::to_string(key.size()))
            .with("MaxSizeAllowed", std::to_string(longest_key));
    if (climbs_out(key) || !is_utf8(key)) throw invalid_uri();
}

// The bucket in front of `domain`; empty when `name` is the domain itself, nothing when neither.
std::optional<std::string_view> subdomain(std::string_view name, std::string_view domain) {
    if (ascii::iequals(name, domain)) return std::string_view();
    if (name.size() <= domain.size() + 1) return std::nullopt;
    const auto split = name.size() - domain.size();
    if (name[split - 1] != '.' || !ascii::iequals(name.substr(split), domain)) return std::nullopt;
    return name.substr(0, split - 1);
}

// "[bucket.]s3[.dualstack][.region].amazonaws.com"
std::optional<host> aws_host(std::string_view name) {
    const auto front = subdomain(name, "amazonaws.com");
    if (!front) return std::nullopt;
    const bool regional = *front != "s3" && !front->ends_with(".s3");
    host h;
    auto rest = *front;
    if (regional) {
        const auto dot = rest.rfind('.');
        if (dot == rest.npos) return std::nullopt;
        h.region = ascii::lower(rest.substr(dot + 1));
        rest = rest.substr(0, dot);
        if (const auto single = subdomain(rest, "dualstack")) rest = *single;
    }
    const auto bucket = subdomain(rest, "s3");
    if (!bucket) return std::nullopt;
    h.bucket = *bucket;
    return h;
}

}  // namespace

std::optional<std::string> request::parameter(std::string_view name) const {
    const auto found =
        std::find_if(query.begin(), query.end(), [&](const auto& p) { return p.first == name; });
    if (found == query.end()) return std::nullopt;
    return found->second;
}

bool request::has(std::string_view query_parameter) const noexcept {
    return std::any_of(query.begin(), query.end(),
                       [&](const auto& p) { return p.first == query_parameter; });
}

std::string_view request::path() const noexcept {
    const std::string_view target = head.target;
    return target.substr(0, target.find('?'));
}

host parse_host(std::string_view name, const std::vector<std::string>& domains) {
    name = name.substr(0, name.find(':'));
    if (auto aws = aws_host(name)) return *aws;
    for (const auto& domain : domains)
        if (const auto bucket = subdomain(name, domain)) return {std::string(*bucket), {}};
    return {};
}

request parse_request(wire::request_head head, const std::vector<std::string>& domains) {
    request r{std::move(head)};
    auto at = parse_host(r.header("Host"), domains);
    r.region = std::move(at.region);
    r.bucket = std::move(at.bucket);

    std::string_view rest = r.head.target;
    auto path = cut(rest, '?');
    if (path.empty() || path.front() != '/') throw invalid_uri();
    path.remove_prefix(1);
    if (r.bucket.empty()) r.bucket = decoded(cut(path, '/'));
    r.key = decoded(path);
    check_key(r.key);
    r.query = parse_query(rest);
    return r;
}

}  // namespace cairn::testing::simulated
