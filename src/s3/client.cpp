#include "core/cancellation.hpp"
#include "core/injected.hpp"
#include "s3/core.hpp"
#include "s3/guarded_call.hpp"
#include "s3/guards.hpp"

#include <cairn/s3/client.hpp>

namespace cairn::s3 {

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
                "it is the CA file that was chosen, or that AWS_CA_BUNDLE or ca_bundle names");
        config.transport = std::move(*made);
    }
    inject(config, system_clock(), system_random());
    auto pool = std::make_shared<wire::connection_pool>(
        config.transport, config.clock, config.random, config.pool, config.time_limits);
    auto guard = std::make_shared<const guards>(config.resilience, config, nullptr);
    return client(
        std::make_shared<client_core>(std::move(config), std::move(*where), std::move(pool)),
        std::move(guard));
}

result<client> client::from_environment() {
    auto config = load_config();
    if (!config) return config.error();
    return create(std::move(*config));
}

const client_config& client::config() const noexcept {
    return core_->config;
}

client client::with(s3::resilience chosen) const {
    return {core_, std::make_shared<const guards>(std::move(chosen), core_->config, guards_.get())};
}

const s3::resilience& client::resilience() const noexcept {
    return guards_->chosen;
}

bool client::has_succeeded() const noexcept {
    return core_->has_succeeded.load(std::memory_order_relaxed);
}

awaitable<result<void>> client::run(const operation_table& table, const void* input,
                                    void* output) const {
    guarded_call call(*core_, *guards_, table, input, output);
    result<void> ended;
    try {
        ended = co_await call.run();
    } catch (const boost::system::system_error& e) {
        if (!is_cancellation(e)) throw;
        ended = call.canceled();
    }
    call.ended(ended);
    co_return ended;
}

}  // namespace cairn::s3
