#include "resilience/rate_machine.hpp"
#include "resilience/turns.hpp"

#include <cairn/resilience/rate_limit.hpp>

#include <algorithm>

namespace cairn {

rate_limit_options::rate_limit_options(double calls_per_second) : per_second(calls_per_second) {}

namespace {

rate_limit_options with_defaults(rate_limit_options options) {
    options.max_wait = std::max(options.max_wait, clock::duration());
    if (!options.clock) options.clock = system_clock();
    return options;
}

}  // namespace

struct rate_limit::shared {
    explicit shared(rate_limit_options o)
        : options(with_defaults(std::move(o))),
          line(rate_machine(options.per_second, options.burst)) {}

    const rate_limit_options options;
    const observe::trace told{options.sink.get(), options.clock.get()};
    turns<rate_machine> line;

    error turned_away(clock::duration wait) const {
        auto e = error(errc::rate_limited,
                       "the limit is " + std::to_string(options.per_second) + " calls a second")
                     .effect(effect::not_applied)
                     .retry_after(wait);
        if (told) told.tell(observe::call_rejected{options.name, &e});
        return e;
    }
};

rate_limit::rate_limit(rate_limit_options options)
    : shared_(std::make_shared<shared>(std::move(options))) {}

awaitable<result<void>> rate_limit::acquire_from(std::shared_ptr<shared> of) {
    if (!(of->options.per_second > 0))
        co_return error(errc::invalid_argument,
                        "a rate limit needs more than 0 calls a second: set per_second")
            .effect(effect::not_applied);
    const auto turn = of->line.enter(of->options.clock->now(), of->options.max_wait);
    if (turn.place) {
        auto waited = co_await wait_for_turn(of, turn.place, "while waiting for the rate limit");
        co_return waited;
    }
    if (turn.wait > clock::duration()) co_return of->turned_away(turn.wait);
    co_return result<void>();
}

}  // namespace cairn
