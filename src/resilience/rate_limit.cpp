#include "resilience/turn.hpp"

#include <cairn/resilience/rate_limit.hpp>

#include <algorithm>
#include <mutex>

namespace cairn {
namespace {

// A call in three years: what is slower might not fit a duration.
constexpr double slowest = 1e-8;

}  // namespace

rate_limit_options::rate_limit_options(double calls_per_second) : per_second(calls_per_second) {}

rate_machine::rate_machine(double per_second, double burst)
    : interval_(std::chrono::duration_cast<clock::duration>(
          std::chrono::duration<double>(1 / std::max(slowest, per_second)))),
      tolerance_(
          std::chrono::duration_cast<clock::duration>((std::max(1.0, burst) - 1) * interval_)) {}

clock::duration rate_machine::take(clock::time_point now, clock::duration max_wait) {
    const auto next = std::max(next_, now);
    const auto wait = std::max(next - tolerance_ - now, clock::duration());
    if (wait <= max_wait) next_ = next + interval_;
    return wait;
}

struct rate_limit::shared {
    explicit shared(rate_limit_options o)
        : options(std::move(o)), machine(options.per_second, options.burst) {}

    const rate_limit_options options;
    const observe::trace told{options.sink.get(), options.clock.get()};
    std::mutex mutex;
    rate_machine machine;  ///< Guarded by `mutex`.

    clock::duration take(clock::time_point now) {
        const std::lock_guard lock(mutex);
        return machine.take(now, options.max_wait);
    }
    void give_back() {
        const std::lock_guard lock(mutex);
        machine.give_back();
    }
    error turned_away(clock::duration wait) const {
        auto e = error(errc::rate_limited,
                       "the limit is " + std::to_string(options.per_second) + " calls a second")
                     .effect(effect::not_applied)
                     .retry_after(wait);
        if (told) told.tell(observe::call_rejected{options.name, &e});
        return e;
    }
};

rate_limit::rate_limit(rate_limit_options options) {
    if (!options.clock) options.clock = system_clock();
    shared_ = std::make_shared<shared>(std::move(options));
}

awaitable<result<void>> rate_limit::acquire_from(std::shared_ptr<shared> of) {
    if (!(of->options.per_second > 0))
        co_return error(errc::invalid_argument, "a rate limit needs more than 0 calls a second")
            .effect(effect::not_applied);
    const auto now = of->options.clock->now();
    const auto wait = of->take(now);
    if (wait > of->options.max_wait) co_return of->turned_away(wait);
    if (wait == clock::duration()) co_return result<void>();
    auto waited = co_await wait_for_turn(of, now + wait, "while waiting for the rate limit");
    co_return waited;
}

}  // namespace cairn
