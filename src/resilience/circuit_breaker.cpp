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

std::string_view name_of(circuit_breaker::state s) {
    switch (s) {
        case circuit_breaker::state::closed:
            return "closed";
        case circuit_breaker::state::open:
            return "open";
        case circuit_breaker::state::half_open:
            return "half open";
        case circuit_breaker::state::isolated:
            break;
    }
    return "isolated";
}

}  // namespace

struct circuit_breaker::shared {
    explicit shared(circuit_breaker_options o)
        : options(std::move(o)), told(options.sink.get(), options.clock.get()), machine(options) {}

    // The machine, for one full expression, after which the change that it made is told.
    class use {
      public:
        explicit use(shared& of) : of_(of), lock_(of.mutex), from_(of.machine.last()) {}
        use(const use&) = delete;
        use& operator=(const use&) = delete;
        ~use() {
            const auto to = of_.machine.last();
            lock_.unlock();
            if (of_.told && from_ != to)
                of_.told.tell(
                    observe::breaker_changed{of_.options.name, name_of(from_), name_of(to)});
        }
        breaker_machine* operator->() const { return &of_.machine; }

      private:
        shared& of_;
        std::unique_lock<std::mutex> lock_;
        const state from_;
    };

    const circuit_breaker_options options;
    const observe::trace told;
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
    shared::use(*of)->ended(generation_, how, now, jitter);
}

result<circuit_breaker::permit> circuit_breaker::acquire() const {
    const auto now = shared_->options.clock->now();
    const auto answer = shared::use(*shared_)->admit(now);
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
    return shared::use(*shared_)->current(now);
}

void circuit_breaker::isolate() {
    shared::use(*shared_)->isolate();
}

void circuit_breaker::reset() {
    shared::use(*shared_)->reset();
}

}  // namespace cairn
