#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/wire/http.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::testing::simulated {

/// Where a host's name leads.
struct host {
    std::string bucket;  ///< Of a virtual-hosted request; else empty.
    std::string region;  ///< If the name has one.
};

/// A request, taken apart.
struct request {
    wire::request_head head;  ///< As sent.
    bytes body{};             ///< The payload, without transfer or aws-chunked coding.
    std::string region{};     ///< Of the endpoint, if its name has one.
    std::string bucket{};
    std::string key{};
    std::vector<std::pair<std::string, std::string>> query{};  ///< Decoded, in order.

    std::string_view header(std::string_view name) const noexcept { return head.headers[name]; }
    std::optional<std::string> parameter(std::string_view name) const;
    bool has(std::string_view query_parameter) const noexcept;
    /// The path as sent.
    std::string_view path() const noexcept;
};

/// Takes a request's head apart. Throws InvalidURI and KeyTooLongError.
/// @param domains hosts whose subdomains are buckets, besides AWS's own.
request parse_request(wire::request_head head, const std::vector<std::string>& domains);

/// `name`, as in a Host field. Virtual hosts are the subdomains of `domains` and of AWS's.
host parse_host(std::string_view name, const std::vector<std::string>& domains);

}  // namespace cairn::testing::simulated
