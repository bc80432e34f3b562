#pragma once

#include <cairn/core/result.hpp>
#include <cairn/s3/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::s3 {

/// Where a client's requests go: its endpoint, and how buckets are addressed there.
class site {
  public:
    /// Fails with `invalid_configuration` when the endpoint or region can't be used.
    static result<site> create(const client_config& config);

    /// The same in another region: another host on AWS; with an endpoint of one's own, the same.
    /// @param region a region's name.
    site in(const std::string& region) const;

    bool tls() const noexcept { return tls_; }
    std::uint16_t port() const noexcept { return port_; }

    struct address {
        std::string
            host;  ///< To connect to, and to verify a certificate for: a name or IP literal.
        std::string authority;  ///< The `Host` header.
        std::string path;  ///< What every path starts with, percent-encoded; no `/` at its end.
    };
    /// The address of `bucket`, or of the service itself when `bucket` is empty.
    address of(std::string_view bucket) const;

  private:
    site() = default;
    result<void> read_endpoint(const std::string& text);
    std::uint16_t default_port() const noexcept;
    bool in_host(std::string_view bucket) const;
    std::string authority_of(const std::string& host) const;

    bool aws_ = false;
    bool tls_ = true;
    bool virtual_host_ = true;
    bool ip_ = false;  ///< The host is an IP address, so nothing can be put before it.
    bool ip6_ = false;
    std::uint16_t port_ = 443;
    std::string host_;
    std::string path_;
};

}  // namespace cairn::s3
