#pragma once

#include <cairn/core/clock.hpp>
#include <cairn/observe/sink.hpp>
#include <cairn/resilience/classify.hpp>
#include <cairn/resilience/combinator.hpp>

#include <memory>
#include <string>

namespace cairn {

struct adaptive_rate_options {
    adaptive_rate_options();

    classifier classify;  ///< Which failures are throttling; null: `cairn::classify`.
    std::string name = "adaptive rate";   ///< For events.
    std::shared_ptr<observe::sink> sink;  ///< Hears of waits; null: nobody does.
    std::shared_ptr<cairn::clock> clock;  ///< Null: the system's.
};

/// Finds the rate of calls that a service takes: free until it throttles one, then 0.7 times what
/// was sent, growing back along a cubic curve, as AWS's adaptive retry mode has it. Calls that come
/// sooner wait for their turn, first come, first served.
///
/// For programs that are most of a service's load, and would rather wait than be refused. Goes
/// inside `retry` and `circuit_breaker`. A cheap handle: copies share one rate. Errors: none of its
/// own. Cancellation: a waiting call gives its turn back. Thread-safe.
class adaptive_rate : public combinator<adaptive_rate> {
    struct shared;

  public:
    adaptive_rate() : adaptive_rate(adaptive_rate_options()) {}
    explicit adaptive_rate(adaptive_rate_options options);

    /// Waits for a turn, for what the combinator can't wrap, and is then told how that ended.
    awaitable<result<void>> acquire() const { return acquire_from(shared_); }
    void succeeded() const;
    void failed(const error& why) const;
    /// Calls a second; zero while nothing has been throttled, and nobody waits.
    double current() const;

    template <class Next>
    awaitable<detail::awaited<Next>> run(Next next) const {
        using T = detail::awaited<Next>;
        const auto in_turn = co_await acquire();
        if (!in_turn) co_return detail::refuse<T>(in_turn.error());
        detail::outcome<T> ended;
        co_await detail::settle<T>(next, ended);
        if (ended.failed())
            failed(ended.failure());
        else
            succeeded();
        co_return ended.take();
    }

  private:
    static awaitable<result<void>> acquire_from(std::shared_ptr<shared> of);

    std::shared_ptr<shared> shared_;
};

}  // namespace cairn
