#include "s3/guards.hpp"

namespace cairn::s3 {
namespace {

template <class Options>
void set_defaults(Options& options, const client_config& config) {
    if (!options.clock) options.clock = config.clock;
    if (!options.random) options.random = config.random;
}

resilience completed(resilience chosen, const client_config& config) {
    if (chosen.retry) set_defaults(*chosen.retry, config);
    if (chosen.retry && !chosen.retry->quota) chosen.retry->quota = std::make_shared<retry_quota>();
    if (!chosen.breaker) return chosen;
    set_defaults(*chosen.breaker, config);
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

verdict guards::judge(const error& failed) const {
    const auto& own = chosen.retry ? chosen.retry->classify : classifier();
    return own ? own(failed) : classify(failed);
}

guards::guards(resilience wanted, const client_config& config)
    : chosen(completed(std::move(wanted), config)), breaker(breaker_of(chosen)) {}

}  // namespace cairn::s3
