#pragma once

#include <cairn/core/clock.hpp>
#include <cairn/observe/sink.hpp>
#include <cairn/resilience/combinator.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace cairn {

/// How many calls run at once, and how many wait. What is below its least value counts as that.
struct concurrency_limit_options {
    concurrency_limit_options(std::size_t at_once, std::size_t waiting);

    std::size_t max_at_once;                 ///< At least 1.
    std::size_t max_waiting;                 ///< Further calls are turned away; 0: none waits.
    std::string name = "concurrency limit";  ///< For events.
    /// Hears of waits and of calls turned away; null: nobody does.
    std::shared_ptr<observe::sink> sink;
    std::shared_ptr<cairn::clock> clock;  ///< Of the events. Null: the system's.
};

/// Lets a bounded number of calls run at once; others wait for their turn, first come, first
/// served.
///
/// A cheap handle: copies share one limit. Errors: `concurrency_limited`, at once and without a
/// call, when the queue is full. Cancellation: a waiting call leaves the queue. Thread-safe.
class concurrency_limit : public combinator<concurrency_limit> {
    struct shared;
    class place;

  public:
    /// Leave to run, given back when it is dropped.
    class permit {
      public:
        permit(permit&&) noexcept = default;
        permit& operator=(permit&&) = delete;
        ~permit();

      private:
        friend class concurrency_limit;
        explicit permit(std::shared_ptr<shared> of) : of_(std::move(of)) {}
        std::shared_ptr<shared> of_;
    };

    explicit concurrency_limit(concurrency_limit_options options);
    concurrency_limit(std::size_t at_once, std::size_t waiting)
        : concurrency_limit(concurrency_limit_options(at_once, waiting)) {}

    /// Leave for what the combinator can't wrap; waits for it.
    awaitable<result<permit>> acquire() const { return acquire_from(shared_); }
    /// Leave that is there at once, or nothing.
    std::optional<permit> try_acquire() const;
    std::size_t running() const;
    std::size_t waiting() const;

    template <class Next>
    awaitable<detail::awaited<Next>> run(Next next) const {
        using T = detail::awaited<Next>;
        auto leave = try_acquire();
        if (!leave) {
            auto waited = co_await acquire();
            if (!waited) co_return detail::refuse<T>(waited.error());
            leave.emplace(std::move(*waited));
        }
        auto work = next();
        co_return co_await std::move(work);
    }

  private:
    static awaitable<result<permit>> acquire_from(std::shared_ptr<shared> of);

    std::shared_ptr<shared> shared_;
};

}  // namespace cairn
