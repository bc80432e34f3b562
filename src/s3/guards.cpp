#include "s3/guards.hpp"

#include "core/injected.hpp"

namespace cairn::s3 {
namespace {

resilience completed(resilience chosen, const client_config& config) {
    if (chosen.retry) inject(*chosen.retry, config.clock, config.random);
    if (chosen.retry && !chosen.retry->quota) chosen.retry->quota = std::make_shared<retry_quota>();
    if (!chosen.breaker) return chosen;
    inject(*chosen.breaker, config.clock, config.random);
    if (chosen.breaker->name.empty())
        chosen.breaker->name = config.endpoint.empty() ? "S3 in " + config.region : config.endpoint;
    return chosen;
}

std::optional<circuit_breaker> breaker_of(const resilience& chosen) {
    if (chosen.shared_breaker || !chosen.breaker) return chosen.shared_breaker;
    return circuit_breaker(*chosen.breaker);
}

}  // namespace

resilience::resilience() = default;

resilience resilience::none() {
    resilience off;
    off.retry.reset();
    off.breaker.reset();
    return off;
}

guards::guards(resilience wanted, const client_config& config)
    : chosen(completed(std::move(wanted), config)), breaker(breaker_of(chosen)) {}

}  // namespace cairn::s3
