#include "auth/plain_value.hpp"

#include <cairn/auth/profile.hpp>
#include <cairn/auth/settings.hpp>
#include <cairn/core/ascii.hpp>
#include <cairn/core/bytes.hpp>

#include <limits>

namespace cairn::auth {
namespace {

// A setting and where it was found.
struct finding {
    std::string value;
    std::string source;
};
using found = std::optional<finding>;

error invalid(std::string detail) {
    return error(errc::invalid_configuration, std::move(detail));
}

found in_environment(const environment& env, const char* variable) {
    auto value = first_set(env, {variable});
    if (!value) return std::nullopt;
    return finding{std::move(*value), variable};
}

found in_profile(const profile& p, std::string_view key) {
    const auto value = p[key];
    if (value.empty()) return std::nullopt;
    return finding{std::string(value), std::string(key) + " of " + p.description()};
}

found either(found first, found second) {
    return first ? std::move(first) : std::move(second);
}

bool is_true(const found& setting) {
    return setting && ascii::iequals(setting->value, "true");
}

// `s3 = \n endpoint_url = ...` in the `[services name]` section that the profile names.
result<found> in_services(const profile& p) {
    const auto name = p["services"];
    if (name.empty()) return found{};
    const auto at = p.services.find(name);
    if (at == p.services.end())
        return invalid(p.description() + " names services '" + std::string(name) +
                       "', which doesn't exist");
    const auto s3 = at->second.find("s3");
    if (s3 == at->second.end()) return found{};
    auto nested = sub_properties(s3->second);
    const auto url = nested.find("endpoint_url");
    if (url == nested.end() || url->second.empty()) return found{};
    return found{
        finding{std::move(url->second), "endpoint_url of services '" + std::string(name) + "'"}};
}

result<found> endpoint(const environment& env, const profile& p) {
    const auto ignored = either(in_environment(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"),
                                in_profile(p, "ignore_configured_endpoint_urls"));
    if (is_true(ignored)) return found{};
    auto variable =
        either(in_environment(env, "AWS_ENDPOINT_URL_S3"), in_environment(env, "AWS_ENDPOINT_URL"));
    if (variable) return variable;
    auto service = in_services(p);
    if (!service || *service) return service;
    return in_profile(p, "endpoint_url");
}

result<std::optional<std::string>> plain(found setting) {
    if (!setting) return std::optional<std::string>{};
    if (!is_plain(setting->value)) return invalid(setting->source + std::string(not_plain));
    return std::optional<std::string>(std::move(setting->value));
}

result<std::optional<addressing_style>> addressing(const profile& p) {
    const auto nested = sub_properties(p["s3"]);
    const auto at = nested.find("addressing_style");
    if (at == nested.end() || at->second.empty()) return std::optional<addressing_style>{};
    if (at->second == "auto") return std::optional(addressing_style::automatic);
    if (at->second == "path") return std::optional(addressing_style::path);
    if (at->second == "virtual") return std::optional(addressing_style::virtual_host);
    return invalid("addressing_style of " + p.description() + " is '" + at->second +
                   "', which is none of auto, path and virtual");
}

result<std::optional<checksum_rule>> rule(const found& setting) {
    if (!setting) return std::optional<checksum_rule>{};
    if (ascii::iequals(setting->value, "when_supported"))
        return std::optional(checksum_rule::when_supported);
    if (ascii::iequals(setting->value, "when_required"))
        return std::optional(checksum_rule::when_required);
    return invalid(setting->source + " is '" + setting->value +
                   "', which is neither when_supported nor when_required");
}

result<std::optional<unsigned>> attempts(const found& setting) {
    if (!setting) return std::optional<unsigned>{};
    const auto number = parse_u64(setting->value);
    if (number && *number >= 1 && *number <= std::numeric_limits<unsigned>::max())
        return std::optional(static_cast<unsigned>(*number));
    return invalid(setting->source + " is '" + setting->value + "', which is no number from 1 up");
}

}  // namespace

result<settings> load_settings(const environment& env, std::string_view profile_name) {
    const auto p = load_profile(env, profile_name);
    if (!p) return p.error();
    auto url = endpoint(env, *p);
    if (!url) return url.error();
    auto endpoint_url = plain(std::move(*url));
    if (!endpoint_url) return endpoint_url.error();
    auto region =
        plain(either(in_environment(env, "AWS_REGION"),
                     either(in_environment(env, "AWS_DEFAULT_REGION"), in_profile(*p, "region"))));
    if (!region) return region.error();
    const auto style = addressing(*p);
    if (!style) return style.error();
    const auto calculation = rule(either(in_environment(env, "AWS_REQUEST_CHECKSUM_CALCULATION"),
                                         in_profile(*p, "request_checksum_calculation")));
    if (!calculation) return calculation.error();
    const auto validation = rule(either(in_environment(env, "AWS_RESPONSE_CHECKSUM_VALIDATION"),
                                        in_profile(*p, "response_checksum_validation")));
    if (!validation) return validation.error();
    const auto max_attempts =
        attempts(either(in_environment(env, "AWS_MAX_ATTEMPTS"), in_profile(*p, "max_attempts")));
    if (!max_attempts) return max_attempts.error();
    auto ca_bundle = either(in_environment(env, "AWS_CA_BUNDLE"), in_profile(*p, "ca_bundle"));

    settings out;
    out.profile = p->name;
    out.region = std::move(*region);
    out.endpoint_url = std::move(*endpoint_url);
    if (ca_bundle) out.ca_bundle = std::move(ca_bundle->value);
    out.addressing = *style;
    out.request_checksum_calculation = *calculation;
    out.response_checksum_validation = *validation;
    out.max_attempts = *max_attempts;
    return out;
}

}  // namespace cairn::auth
