#include "s3/attempt.hpp"
#include "s3/core.hpp"

#include <cairn/s3/client.hpp>

#include <boost/system/system_error.hpp>

namespace cairn::s3 {
namespace {

std::string hint_for(const error& e, const client_config& config) {
    const std::string server =
        config.endpoint.empty() ? "region " + config.region : config.endpoint;
    if (e.code() == errc::connect_failed)
        return "is the server of " + server + " running, and is the address right?";
    if (e.code() == errc::resolve_failed)
        return "check the name in the endpoint or region (" + server + ")";
    const bool distrusted = e.detail().find("certificate") != std::string::npos;
    if (e.code() == errc::tls_failed && !distrusted)
        return "does " + server + " speak TLS? If not, use http://";
    if (e.code() == errc::tls_failed)
        return "trust the server's CA (tls.ca_file, AWS_CA_BUNDLE) and use a name its certificate "
               "has";
    if (e.code() == errc::not_s3)
        return "check that " + server + " is an S3 server, and whether it wants http or https";
    return {};
}

}  // namespace

client::core::core(client_config c, s3::site where,
                   std::shared_ptr<wire::connection_pool> connections)
    : config(std::move(c)),
      site(std::move(where)),
      signer(config.region, "s3"),
      pool(std::move(connections)) {}

result<client> client::create(client_config config) {
    if (!config.credentials)
        return error(errc::invalid_configuration,
                     "a client needs credentials: set client_config::credentials "
                     "(auth::anonymous_credentials() sends requests unsigned)");
    if (config.pool.max_connections_per_host == 0)
        return error(errc::invalid_configuration,
                     "client_config::pool allows no connections: set max_connections_per_host to 1 "
                     "or more");
    auto where = site::create(config);
    if (!where) return where.error();
    if (!config.transport) {
        auto made = wire::make_transport(config.tls);
        if (!made)
            return made.error().hint(
                "it is what client_config::tls, AWS_CA_BUNDLE or ca_bundle names");
        config.transport = std::move(*made);
    }
    if (!config.clock) config.clock = system_clock();
    if (!config.random) config.random = system_random();
    auto pool = std::make_shared<wire::connection_pool>(config.transport, config.clock,
                                                        config.random, config.pool);
    return client(std::make_shared<core>(std::move(config), std::move(*where), std::move(pool)));
}

result<client> client::from_environment() {
    auto config = load_config();
    if (!config) return config.error();
    return create(std::move(*config));
}

const client_config& client::config() const noexcept {
    return core_->config;
}

awaitable<result<void>> client::run(const operation_table& table, const void* input,
                                    void* output) const {
    const auto& config = core_->config;
    const auto started = config.clock->now();
    attempt once(config, core_->site, core_->signer, *core_->pool, table, input, output);
    error failed;
    try {
        auto done = co_await once.run();
        if (done) co_return done;
        failed = done.error();
    } catch (const boost::system::system_error& e) {
        if (e.code() != asio::error::operation_aborted) throw;
        failed = error(errc::canceled);
    }
    failed.effect(once.known_effect(failed));
    failed.operation(once.operation());
    failed.attempts(once.sent());
    failed.elapsed(config.clock->now() - started);
    if (failed.hint().empty()) failed.hint(hint_for(failed, config));
    const bool dropped = failed.code() == errc::connection_lost && once.met_silence();
    if (failed.hint().empty() && dropped && !core_->site.tls())
        failed.hint("does " + config.endpoint + " want https?");
    co_return failed;
}

}  // namespace cairn::s3
