#pragma once

#include <cairn/auth/environment.hpp>
#include <cairn/core/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cairn::auth {

/// Where a bucket's name goes in a request, as `addressing_style` in `s3 =` has it.
enum class addressing_style {
    automatic,     ///< `auto`
    path,          ///< `path`
    virtual_host,  ///< `virtual`
};

/// When checksums are computed or verified that S3 doesn't insist on.
enum class checksum_rule { when_supported, when_required };

/// What AWS's tools take from the environment and the shared config file for S3. Credentials come
/// from a provider; see providers.hpp.
struct settings {
    std::string profile;                      ///< The profile in use.
    std::optional<std::string> region;        ///< Nothing: no source names one.
    std::optional<std::string> endpoint_url;  ///< Nothing: AWS itself.
    std::optional<std::string> ca_bundle;     ///< PEM file of trusted CAs.
    std::optional<auth::addressing_style> addressing;
    std::optional<checksum_rule> request_checksum_calculation;
    std::optional<checksum_rule> response_checksum_validation;
    std::optional<unsigned> max_attempts;  ///< Of a call, the first one included; at least 1.
};

/// Reads, each with the environment before the profile:
///   - `AWS_REGION`, `AWS_DEFAULT_REGION`, `region`;
///   - `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, `endpoint_url` of `s3` in the profile's
///   `services`,
///     `endpoint_url`; none of them when `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` or
///     `ignore_configured_endpoint_urls` is true;
///   - `AWS_CA_BUNDLE`, `ca_bundle`;
///   - `addressing_style` in `s3 =`;
///   - `AWS_REQUEST_CHECKSUM_CALCULATION`, `request_checksum_calculation`, and
///     `AWS_RESPONSE_CHECKSUM_VALIDATION`, `response_checksum_validation`;
///   - `AWS_MAX_ATTEMPTS`, `max_attempts`.
///
/// The profile is `profile_name`, else that of `AWS_PROFILE`, `AWS_DEFAULT_PROFILE` or "default".
/// Fails with `invalid_configuration`: see `load_profile`; or when a value can't be what it should
/// be. Source: AWS SDKs and Tools Reference Guide, "Settings reference".
result<settings> load_settings(const environment& env, std::string_view profile_name = {});

}  // namespace cairn::auth
