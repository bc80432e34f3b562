#include "s3/guards.hpp"

#include "core/injected.hpp"
#include "s3/encode.hpp"

#include <tuple>

namespace cairn::s3 {
namespace {

// A server that touches a million buckets keeps what it has learned of the last thousand, less than
// a megabyte.
constexpr std::size_t max_buckets = 1024;

resilience completed(resilience chosen, const client_config& config) {
    if (chosen.retry) inject(*chosen.retry, config.clock, config.random);
    if (chosen.hedge && !chosen.hedge->clock) chosen.hedge->clock = config.clock;
    if (!chosen.breaker) return chosen;
    inject(*chosen.breaker, config.clock, config.random);
    if (!chosen.breaker->sink) chosen.breaker->sink = config.sink;
    if (chosen.breaker->name.empty())
        chosen.breaker->name = config.endpoint.empty() ? "S3 in " + config.region : config.endpoint;
    return chosen;
}

std::optional<hedge> hedge_of(const resilience& chosen) {
    if (!chosen.hedge) return std::nullopt;
    return hedge(*chosen.hedge);
}

// Functions can't be compared: with classifiers, breakers are taken for different ones.
bool same_breakers(const resilience& a, const resilience& b) {
    if (a.shared_breaker || b.shared_breaker || !a.breaker || !b.breaker) return false;
    const auto facts = [](const circuit_breaker_options& o) {
        return std::tie(o.name, o.failure_ratio, o.minimum_calls, o.window, o.open_for,
                        o.max_open_for, o.probes, o.sink, o.clock, o.random);
    };
    return a.breaker_scope == b.breaker_scope && facts(*a.breaker) == facts(*b.breaker) &&
           !a.breaker->classify && !b.breaker->classify;
}

enum class operation_class : std::uint8_t { read, write, list };

operation_class class_of(const operation_table& table) {
    if (table.modifies) return operation_class::write;
    const bool about_an_object = table.path.find("{Key") != std::string_view::npos;
    return about_an_object ? operation_class::read : operation_class::list;
}

}  // namespace

resilience::resilience() = default;

resilience resilience::none() {
    resilience off;
    off.retry.reset();
    off.breaker.reset();
    return off;
}

breakers::breakers(const resilience& chosen)
    : scope_(chosen.breaker_scope),
      options_(chosen.breaker),
      shared_(chosen.shared_breaker),
      others_(max_buckets) {
    if (shared_ || !options_) return;
    const auto& name = options_->name;
    if (scope_ == breaker_scope::endpoint) own_ = named(name);
    if (scope_ == breaker_scope::operation_class)
        of_class_ = {named("reading from " + name), named("writing to " + name),
                     named("listing " + name)};
}

circuit_breaker breakers::named(std::string whom) const {
    auto options = *options_;
    options.name = std::move(whom);
    return circuit_breaker(std::move(options));
}

result<std::optional<circuit_breaker::permit>> breakers::admit(const operation_table& table,
                                                               const void* input,
                                                               std::string_view region) const {
    if (!shared_ && !options_) return std::optional<circuit_breaker::permit>();
    auto leave = shared_ ? shared_->acquire() : acquire(table, input, region);
    if (!leave) return leave.error();
    return std::optional<circuit_breaker::permit>(std::move(*leave));
}

template <class Whom>
result<circuit_breaker::permit> breakers::acquire(std::string_view key, Whom whom) const {
    const auto make = [&] { return std::make_shared<circuit_breaker>(named(whom())); };
    return others_.find_or(key, make)->acquire();
}

result<circuit_breaker::permit> breakers::acquire(const operation_table& table, const void* input,
                                                  std::string_view region) const {
    const auto& name = options_->name;
    switch (scope_) {
        case breaker_scope::endpoint:
            if (region.empty()) return own_->acquire();
            return acquire(region, [&] { return "S3 in " + std::string(region); });
        case breaker_scope::operation_class:
            return of_class_[static_cast<std::size_t>(class_of(table))]->acquire();
        case breaker_scope::bucket:
            break;
    }
    const auto bucket = bucket_of(table, input);
    return acquire(bucket,
                   [&] { return (bucket.empty() ? "" : "bucket " + bucket + " at ") + name; });
}

health breakers::judge(const error& failed) const {
    if (shared_) return shared_->judge(failed);
    return options_ ? classify(failed, options_->classify).health : health::unknown;
}

guards::guards(resilience wanted, const client_config& config, const guards* kin)
    : chosen(completed(std::move(wanted), config)),
      breakers(kin && same_breakers(chosen, kin->chosen)
                   ? kin->breakers
                   : std::make_shared<const s3::breakers>(chosen)),
      hedge(hedge_of(chosen)),
      quotas_(kin ? kin->quotas_ : std::make_shared<registry<retry_quota>>(max_buckets)) {}

std::shared_ptr<retry_quota> guards::quota_for(const operation_table& table,
                                               const void* input) const {
    if (chosen.retry->quota) return chosen.retry->quota;
    return quotas_->find_or(bucket_of(table, input),
                            [] { return std::make_shared<retry_quota>(); });
}

bool guards::can_earn(const operation_table& table, const void* input) const {
    if (chosen.retry->quota) return true;
    return !quotas_->empty() && quotas_->find(bucket_of(table, input));
}

}  // namespace cairn::s3
