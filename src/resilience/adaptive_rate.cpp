#include "resilience/adaptive_machine.hpp"
#include "resilience/turns.hpp"

#include <cairn/resilience/adaptive_rate.hpp>

namespace cairn {
namespace {

adaptive_rate_options with_defaults(adaptive_rate_options options) {
    if (!options.clock) options.clock = system_clock();
    return options;
}

}  // namespace

adaptive_rate_options::adaptive_rate_options() = default;

struct adaptive_rate::shared {
    explicit shared(adaptive_rate_options o)
        : options(with_defaults(std::move(o))), line(adaptive_machine(options.clock->now())) {}

    void ended(bool throttled) {
        const auto now = options.clock->now();
        line.locked([&](adaptive_machine& machine) { machine.ended(throttled, now); });
    }

    const adaptive_rate_options options;
    const observe::trace told{options.sink.get(), options.clock.get()};
    turns<adaptive_machine> line;
};

adaptive_rate::adaptive_rate(adaptive_rate_options options)
    : shared_(std::make_shared<shared>(std::move(options))) {}

awaitable<result<void>> adaptive_rate::acquire_from(std::shared_ptr<shared> of) {
    const auto turn = of->line.enter(of->options.clock->now(), clock::duration::max());
    if (!turn.place) co_return result<void>();
    auto waited =
        co_await wait_for_turn(of, turn.place, "while waiting for the rate that the service takes");
    co_return waited;
}

void adaptive_rate::succeeded() const {
    shared_->ended(false);
}

// What says nothing of the service, such as a cancellation, says nothing of its rate.
void adaptive_rate::failed(const error& why) const {
    const auto judged = classify(why, shared_->options.classify);
    const bool throttled = judged.retry == retryability::throttled;
    if (throttled || judged.health != health::unknown) shared_->ended(throttled);
}

double adaptive_rate::current() const {
    return shared_->line.locked([](const adaptive_machine& machine) { return machine.rate(); });
}

}  // namespace cairn
