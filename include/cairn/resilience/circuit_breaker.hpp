#pragma once

#include <cairn/core/clock.hpp>
#include <cairn/core/random.hpp>
#include <cairn/observe/sink.hpp>
#include <cairn/resilience/classify.hpp>
#include <cairn/resilience/combinator.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace cairn {

/// When a circuit breaker opens, and for how long.
struct circuit_breaker_options {
    circuit_breaker_options();

    std::string name;  ///< Whom it guards, for its errors: "s3.eu-central-1.amazonaws.com".
    /// It opens when, of the calls that ended within `window`, at least `minimum_calls`, so large a
    /// part found the service bad.
    double failure_ratio = 0.5;
    unsigned minimum_calls = 20;
    cairn::clock::duration window = std::chrono::seconds(30);
    /// How long it stays open: the first time `open_for`, twice as long each time that a probe
    /// fails, at most `max_open_for`; each a random tenth longer or shorter, so that clients that
    /// opened together don't probe together.
    cairn::clock::duration open_for = std::chrono::seconds(5);
    cairn::clock::duration max_open_for = std::chrono::seconds(60);
    /// Then so many calls are let through as probes. It closes when so many have succeeded, and
    /// opens again when one has not. While all of them are still under way, another one follows
    /// each `open_for`, so that a call that takes for ever doesn't keep the rest out.
    unsigned probes = 3;
    /// Hears of its changes of state; null: nobody does.
    std::shared_ptr<observe::sink> sink;
    classifier classify;  ///< Null: `cairn::classify`.
    /// Null: the system's; in a client, the client's.
    std::shared_ptr<cairn::clock> clock;
    std::shared_ptr<cairn::random> random;
};

/// Turns calls away while the service behind them is failing, instead of letting each of them fail
/// slowly and add to its load.
///
/// A cheap handle: copies share one breaker, so that all who call one service can. Goes inside
/// `retry`, so that it sees every attempt. Errors: `circuit_open`, at once and without a call, with
/// the time until it may be tried again as `retry_after`. Thread-safe.
class circuit_breaker : public combinator<circuit_breaker> {
    struct shared;

  public:
    enum class state {
        closed,     ///< Calls go through.
        open,       ///< Calls are turned away.
        half_open,  ///< A few calls go through, to see.
        isolated,   ///< Turned off by hand.
    };

    /// Leave for one call. Dropped without a word, as on cancellation, it says nothing of the
    /// service and lets another call have its place.
    class permit {
      public:
        permit(permit&&) noexcept = default;
        permit& operator=(permit&&) = delete;
        ~permit() { ended(health::unknown); }

        /// How the call ended; the first time counts.
        void ended(health how) noexcept;

      private:
        friend class circuit_breaker;
        permit(std::shared_ptr<shared> of, std::uint64_t generation)
            : of_(std::move(of)), generation_(generation) {}

        std::shared_ptr<shared> of_;  ///< Null once the call has ended.
        std::uint64_t generation_;
    };

    circuit_breaker() : circuit_breaker(circuit_breaker_options()) {}
    explicit circuit_breaker(circuit_breaker_options options);

    /// Leave for one call that the combinator can't wrap, or `circuit_open`.
    result<permit> acquire() const;
    state current() const;
    /// What a failure says of the service, as the options' classifier has it.
    health judge(const error& failed) const;
    /// Turns every call away until `reset`.
    void isolate();
    /// Closes it, with all that it has seen forgotten.
    void reset();

    template <class Next>
    awaitable<detail::awaited<Next>> run(Next next) const {
        using T = detail::awaited<Next>;
        auto leave = acquire();
        if (!leave) co_return detail::refuse<T>(leave.error());
        detail::outcome<T> ended;
        co_await detail::settle<T>(next, ended);
        leave->ended(ended.failed() ? judge(ended.failure()) : health::good);
        co_return ended.take();
    }

  private:
    std::shared_ptr<shared> shared_;
};

}  // namespace cairn
