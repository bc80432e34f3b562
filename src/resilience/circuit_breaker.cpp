#include "core/injected.hpp"
#include "resilience/breaker_machine.hpp"

#include <cairn/resilience/circuit_breaker.hpp>

#include <algorithm>
#include <mutex>

namespace cairn {

circuit_breaker_options::circuit_breaker_options() = default;

namespace {

circuit_breaker_options with_defaults(circuit_breaker_options options) {
    inject(options, system_clock(), system_random());
    options.probes = std::max(options.probes, 1U);
    return options;
}

}  // namespace

struct circuit_breaker::shared {
    explicit shared(circuit_breaker_options o) : options(std::move(o)), machine(options) {}

    const circuit_breaker_options options;
    std::mutex mutex;
    breaker_machine machine;  ///< Guarded by `mutex`.
};

circuit_breaker::circuit_breaker(circuit_breaker_options options)
    : shared_(std::make_shared<shared>(with_defaults(std::move(options)))) {}

void circuit_breaker::permit::ended(health how) noexcept {
    if (!of_) return;
    const auto of = std::move(of_);
    const auto now = of->options.clock->now();
    const auto jitter = how == health::bad ? of->options.random->next_part() : 0;
    const std::lock_guard lock(of->mutex);
    of->machine.ended(generation_, how, now, jitter);
}

result<circuit_breaker::permit> circuit_breaker::acquire() const {
    const auto now = shared_->options.clock->now();
    std::unique_lock lock(shared_->mutex);
    const auto answer = shared_->machine.admit(now);
    lock.unlock();
    if (const auto* in = std::get_if<breaker_machine::admitted>(&answer))
        return permit(shared_, in->generation);
    const auto& refusal = std::get<breaker_machine::rejected>(answer);
    const auto& name = shared_->options.name;
    const std::string whom = name.empty() ? "the service" : name;
    return error(errc::circuit_open,
                 whom + (refusal.by_hand ? " is isolated by hand" : " has been failing"))
        .effect(effect::not_applied)
        .retry_after(refusal.retry_after);
}

health circuit_breaker::judge(const error& failed) const {
    return classify(failed, shared_->options.classify).health;
}

circuit_breaker::state circuit_breaker::current() const {
    const auto now = shared_->options.clock->now();
    const std::lock_guard lock(shared_->mutex);
    return shared_->machine.current(now);
}

void circuit_breaker::isolate() {
    const std::lock_guard lock(shared_->mutex);
    shared_->machine.isolate();
}

void circuit_breaker::reset() {
    const std::lock_guard lock(shared_->mutex);
    shared_->machine.reset();
}

}  // namespace cairn
