#include "resilience/breaker_machine.hpp"

#include <cairn/resilience/circuit_breaker.hpp>

#include <algorithm>
#include <limits>
#include <mutex>

namespace cairn {

circuit_breaker_options::circuit_breaker_options() = default;

namespace {

circuit_breaker_options with_defaults(circuit_breaker_options options) {
    if (!options.clock) options.clock = system_clock();
    if (!options.random) options.random = system_random();
    options.probes = std::max(options.probes, 1U);
    return options;
}

}  // namespace

struct circuit_breaker::shared {
    explicit shared(circuit_breaker_options o) : options(std::move(o)), machine(options) {}

    double jitter() const {
        return static_cast<double>(options.random->next_u64()) /
               static_cast<double>(std::numeric_limits<std::uint64_t>::max());
    }

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
    const auto jitter = how == health::bad ? of->jitter() : 0;
    const std::lock_guard lock(of->mutex);
    of->machine.ended(generation_, how, now, jitter);
}

result<circuit_breaker::permit> circuit_breaker::acquire() const {
    const auto now = shared_->options.clock->now();
    std::unique_lock lock(shared_->mutex);
    const auto answer = shared_->machine.admit(now);
    const bool by_hand = shared_->machine.current(now) == state::isolated;
    lock.unlock();
    if (const auto* in = std::get_if<breaker_machine::admitted>(&answer))
        return permit(shared_, in->generation);
    const auto& name = shared_->options.name;
    const std::string whom = name.empty() ? "the service" : name;
    return error(errc::circuit_open,
                 whom + (by_hand ? " is isolated by hand" : " has been failing"))
        .effect(effect::not_applied)
        .retry_after(std::get<breaker_machine::rejected>(answer).retry_after);
}

health circuit_breaker::judge(const error& failed) const {
    const auto& own = shared_->options.classify;
    return (own ? own(failed) : classify(failed)).health;
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
