#pragma once

#include <cairn/core/clock.hpp>
#include <cairn/observe/sink.hpp>
#include <cairn/resilience/combinator.hpp>

#include <memory>
#include <string>

namespace cairn {

/// How many calls a second. What is below its least value counts as that, but for the rate: calls
/// fail with `invalid_argument` if it is not above 0.
struct rate_limit_options {
    explicit rate_limit_options(double calls_per_second);

    double per_second;
    double burst = 1;  ///< As many may come at once after a pause; at least 1.
    /// A call that would wait for longer is turned away; at least 0, with which none waits.
    cairn::clock::duration max_wait = std::chrono::seconds(10);
    std::string name = "rate limit";  ///< For events.
    /// Hears of waits and of calls turned away; null: nobody does.
    std::shared_ptr<observe::sink> sink;
    std::shared_ptr<cairn::clock> clock;  ///< Null: the system's.
};

/// Lets calls start at a bounded rate; those that come too early wait for their slot, first come,
/// first served.
///
/// A cheap handle: copies share one limit. Errors: `rate_limited`, at once and without a call, with
/// the time until a slot as `retry_after`, when the wait would be longer than `max_wait`.
/// Cancellation: a waiting call leaves its slot to the next in line. Thread-safe.
class rate_limit : public combinator<rate_limit> {
    struct shared;

  public:
    explicit rate_limit(rate_limit_options options);
    explicit rate_limit(double calls_per_second)
        : rate_limit(rate_limit_options(calls_per_second)) {}

    /// Waits for a slot, for what the combinator can't wrap.
    awaitable<result<void>> acquire() const { return acquire_from(shared_); }

    template <class Next>
    awaitable<detail::awaited<Next>> run(Next next) const {
        using T = detail::awaited<Next>;
        const auto started = co_await acquire();
        if (!started) co_return detail::refuse<T>(started.error());
        auto work = next();
        co_return co_await std::move(work);
    }

  private:
    static awaitable<result<void>> acquire_from(std::shared_ptr<shared> of);

    std::shared_ptr<shared> shared_;
};

}  // namespace cairn
