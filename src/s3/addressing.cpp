#include "s3/addressing.hpp"

#include "s3/validate.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/wire/http.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace cairn::s3 {
namespace {

namespace urls = boost::urls;

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

/// Regions outside AWS's main partition, by the start of their names, and their domains.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> partitions{{
    {"cn-", "amazonaws.com.cn"},
    {"eusc-", "amazonaws.eu"},
    {"us-iso-", "c2s.ic.gov"},
    {"us-isob-", "sc2s.sgov.gov"},
    {"eu-isoe-", "cloud.adc-e.uk"},
    {"us-isof-", "csp.hci.ic.gov"},
}};

std::string aws_host(const std::string& region) {
    const auto* const found =
        std::find_if(partitions.begin(), partitions.end(),
                     [&](const auto& entry) { return region.starts_with(entry.first); });
    const auto domain =
        found == partitions.end() ? std::string_view("amazonaws.com") : found->second;
    return "s3." + region + "." + std::string(domain);
}

error unusable(std::string detail) {
    return error(errc::invalid_configuration, std::move(detail));
}

// It becomes part of a host name and of the signature.
bool is_region(std::string_view region) {
    return !region.empty() && std::all_of(region.begin(), region.end(), [](char c) {
        return ascii::is_alpha(c) || ascii::is_digit(c) || c == '-' || c == '_';
    });
}

// Boost.URL 1.81 lets a port overflow, and takes one that is no number for the path.
std::optional<std::uint16_t> port_of(const urls::url_view& url, std::uint16_t otherwise) {
    const std::string_view path = url.encoded_path();
    if (!path.empty() && !path.starts_with('/')) return std::nullopt;
    if (url.port().empty()) return otherwise;
    const auto number = parse_u64(url.port());
    if (!number || *number == 0 || *number > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

std::string endpoint_problem(const urls::url_view& url) {
    if (url.host_type() == urls::host_type::ipvfuture)
        return "has an address that is no IPv4 or IPv6";
    if (url.encoded_host().empty()) return "has no host";
    if (url.has_query() || url.has_fragment()) return "has a query or a fragment";
    return {};
}

bool is_host_name(std::string_view host) {
    return std::all_of(host.begin(), host.end(), [](char c) {
        return ascii::is_alpha(c) || ascii::is_digit(c) || c == '-' || c == '.' || c == '_';
    });
}

std::string without_trailing_slashes(std::string path) {
    while (path.ends_with('/')) path.pop_back();
    return path;
}

// The bucket is the first label of a host name, covered by a wildcard certificate if it has no
// dots.
bool can_be_label(std::string_view bucket, bool tls) {
    return new_bucket_problem(bucket).empty() &&
           (!tls || bucket.find('.') == std::string_view::npos);
}

}  // namespace

result<site> site::create(const client_config& config) {
    if (!is_region(config.region))
        return unusable("the region '" + config.region + "' is not a region's name");
    site made;
    made.virtual_host_ = config.addressing != addressing::path;
    if (config.endpoint.empty()) {
        made.aws_ = true;
        return made.in(config.region);
    }
    if (config.addressing == addressing::automatic) made.virtual_host_ = false;
    const auto endpoint = made.read_endpoint(config.endpoint);
    if (!endpoint) return endpoint.error();
    return made;
}

site site::in(const std::string& region) const {
    auto there = *this;
    if (aws_) there.host_ = aws_host(region);
    return there;
}

result<void> site::read_endpoint(const std::string& text) {
    if (text.find('@') != std::string::npos)  // Not quoted: what precedes it may be a secret.
        return unusable("the endpoint has a user name; give the client credentials instead");
    const auto refuse = [&](const std::string& why) {
        return unusable("the endpoint '" + text + "' " + why);
    };
    if (!text.starts_with("http://") && !text.starts_with("https://"))
        return refuse("doesn't begin with http:// or https://");
    const auto parsed = urls::parse_uri(text);
    if (!parsed) return refuse("is not a URL: " + parsed.error().message());
    const urls::url_view& url = *parsed;
    if (const auto problem = endpoint_problem(url); !problem.empty()) return refuse(problem);
    tls_ = url.scheme_id() == urls::scheme::https;
    const auto port = port_of(url, default_port());
    if (!port) return refuse("has a port that is not a number from 1 to 65535");
    port_ = *port;
    ip_ = url.host_type() != urls::host_type::name;
    ip6_ = url.host_type() == urls::host_type::ipv6;
    host_ = ascii::lower(std::string(url.host_address()));
    if (!ip_ && !is_host_name(host_)) return refuse("has a host that is no host name");
    path_ = without_trailing_slashes(std::string(url.encoded_path()));
    return {};
}

std::uint16_t site::default_port() const noexcept {
    return tls_ ? https_port : http_port;
}

bool site::in_host(std::string_view bucket) const {
    return virtual_host_ && !ip_ && can_be_label(bucket, tls_);
}

std::string site::authority_of(const std::string& host) const {
    auto authority = ip6_ ? "[" + host + "]" : host;
    if (port_ != default_port()) authority += ":" + std::to_string(port_);
    return authority;
}

site::address site::of(std::string_view bucket) const {
    if (bucket.empty()) return {host_, authority_of(host_), path_};
    if (in_host(bucket)) {
        auto host = std::string(bucket) + "." + host_;
        auto authority = authority_of(host);
        return {std::move(host), std::move(authority), path_};
    }
    return {host_, authority_of(host_), path_ + "/" + wire::percent_encode(bucket)};
}

}  // namespace cairn::s3
