#pragma once

#include <cairn/core/clock.hpp>
#include <cairn/resilience/combinator.hpp>

#include <memory>
#include <string_view>

namespace cairn {

/// Ends a call that takes too long, by cancelling it and waiting for its end.
///
/// Errors: `timed_out`, which names the limit. Its `effect` is what the cancelled call knew of it;
/// unknown if that ended with an exception. A call that all but ends by itself ends as it does.
/// Executors: runs the call on a strand of its own, unless it is on one of cairn's already, since
/// the timer and the call may otherwise meet on two threads.
class timeout : public combinator<timeout> {
  public:
    /// @param name a literal, for errors.
    /// @param time null: the system's.
    timeout(std::string_view name, clock::duration limit, std::shared_ptr<cairn::clock> time);

    template <class Next>
    awaitable<detail::awaited<Next>> run(Next next) const {
        using T = detail::awaited<Next>;
        detail::outcome<T> ended;
        auto work = detail::settle<T>(next, ended);
        bool expired = false;
        try {
            expired = co_await expires(std::move(work));
        } catch (const boost::system::system_error& e) {
            // The caller's cancellation: the call's own end tells of it.
            if (e.code() != asio::error::operation_aborted) throw;
        }
        if (expired && ended.failed()) {
            const auto failed = ended.failure();
            if (was_canceled(failed)) co_return detail::refuse<T>(timed_out(failed));
        }
        co_return ended.take();
    }

  private:
    awaitable<bool> expires(awaitable<void> work) const;
    static bool was_canceled(const error& failed);
    error timed_out(const error& failed) const;

    std::string_view name_;
    clock::duration limit_;
    std::shared_ptr<cairn::clock> clock_;
};

/// The limit on all of a call: its attempts, the pauses between them, and the waits in queues. The
/// outermost combinator.
timeout total_deadline(clock::duration limit, std::shared_ptr<clock> time = nullptr);

/// The limit on one attempt: inside `retry` and `circuit_breaker`, which both should hear of it.
timeout attempt_timeout(clock::duration limit, std::shared_ptr<clock> time = nullptr);

}  // namespace cairn
