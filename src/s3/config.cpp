#include <cairn/auth/providers.hpp>
#include <cairn/s3/config.hpp>

namespace cairn::s3 {

client_config::client_config() = default;
client_config::client_config(std::shared_ptr<auth::credentials_provider> credentials)
    : credentials(std::move(credentials)) {}

result<client_config> load_config(const auth::environment& env, std::string_view profile) {
    const auto settings = auth::load_settings(env, profile);
    if (!settings) return settings.error();
    client_config config(auth::default_chain(env, profile));
    if (settings->region) config.region = *settings->region;
    if (settings->endpoint_url) config.endpoint = *settings->endpoint_url;
    if (settings->ca_bundle) config.tls.ca_file = *settings->ca_bundle;
    if (settings->addressing) config.addressing = *settings->addressing;
    if (settings->request_checksum_calculation == auth::checksum_rule::when_required)
        config.checksums.uploads.reset();
    if (settings->response_checksum_validation == auth::checksum_rule::when_required)
        config.checksums.verify_downloads = false;
    if (settings->max_attempts) config.resilience.retry->max_attempts = *settings->max_attempts;
    return config;
}

}  // namespace cairn::s3
