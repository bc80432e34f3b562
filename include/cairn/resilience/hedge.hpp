#pragma once

#include <cairn/core/clock.hpp>
#include <cairn/observe/sink.hpp>
#include <cairn/resilience/combinator.hpp>
#include <cairn/resilience/retry_quota.hpp>

#include <array>
#include <functional>
#include <memory>

namespace cairn {

/// When a second call is started beside a slow one, and how many such calls there may be.
struct hedge_options {
    hedge_options();

    /// The second call is started when the first has taken so long. Zero: longer than 95 in 100 of
    /// the latest calls, and than `least_delay`.
    cairn::clock::duration delay{};
    cairn::clock::duration least_delay = std::chrono::milliseconds(50);
    /// Pays 14 tokens for each second call, as much as for a retry, and earns one for each call
    /// that succeeds without: so they are at most one in 14, which is more than the one in 20 that
    /// takes longer than 95 in 100, and little when everything has become slow. Not that of
    /// retries, which need their tokens when calls fail. Null: one for each `hedge` and its copies.
    std::shared_ptr<retry_quota> quota;
    std::shared_ptr<observe::sink> sink;  ///< Hears of second calls; null: nobody does.
    std::shared_ptr<cairn::clock> clock;  ///< Null: the system's; in a client, the client's.
};

/// Starts a second call when the first one is slow, and takes whichever succeeds first: for calls
/// that only read, and whose time is mostly short and sometimes long.
///
/// The call that has lost is cancelled, and waited for. One that fails leaves the outcome to the
/// other, if that runs; when both fail, the later failure counts. A cheap handle: copies share what
/// they know of the latest calls. Cancellation: cancels both. Executors: runs the calls on a strand
/// of their own, unless they are on one of cairn's already. Thread-safe.
class hedge : public combinator<hedge> {
    struct shared;
    class contest;

  public:
    hedge() : hedge(hedge_options()) {}
    explicit hedge(hedge_options options);

    template <class Next>
    awaitable<detail::awaited<Next>> run(Next next) const {
        using T = detail::awaited<Next>;
        std::array<detail::outcome<T>, 2> ends;
        const start call = [&](std::size_t n) { return detail::settle<T>(next, ends[n]); };
        const has_failed failed = [&](std::size_t n) { return ends[n].failed(); };
        const auto decided = co_await run_both(shared_, call, failed);
        co_return ends[decided].take();
    }

  private:
    using start = std::function<awaitable<void>(std::size_t)>;
    using has_failed = std::function<bool(std::size_t)>;

    /// Which of the two calls the outcome is that of.
    static awaitable<std::size_t> run_both(std::shared_ptr<shared> of, start call,
                                           has_failed failed);

    std::shared_ptr<shared> shared_;
};

}  // namespace cairn
