#pragma once

#include <cairn/core/asio.hpp>
#include <cairn/testing/seeded_random.hpp>
#include <cairn/testing/trace.hpp>
#include <cairn/testing/virtual_clock.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace cairn::testing {

/// A world in which a program runs by itself, in one thread, on virtual time: whatever can happen
/// now happens; when nothing can, time moves to the next sleeper's end. An hour takes no longer
/// than what is done in it, and the same seed gives the same run.
///
/// On virtual time is what waits by way of `clock()`: cairn's own code when it is given that clock.
/// A timer of Asio's (`steady_timer`), a real socket, and a combinator or client without that clock
/// are not: the simulation doesn't wait for them, and a coroutine that does so is one that waits
/// for what never happens.
///
/// Thread safety: none. Lifetime: outlives what runs in it; coroutines that have not ended are
/// destroyed with it.
class simulation {
  public:
    explicit simulation(std::uint64_t seed = 0);
    ~simulation();
    simulation(const simulation&) = delete;
    simulation& operator=(const simulation&) = delete;

    asio::io_context& context() noexcept { return context_; }
    const std::shared_ptr<virtual_clock>& clock() const noexcept { return clock_; }
    const std::shared_ptr<seeded_random>& random() const noexcept { return random_; }
    const std::shared_ptr<testing::trace>& trace() const noexcept { return trace_; }

    /// Runs `work`, and whatever else can run, until `work` has ended. Gives its value, or rethrows
    /// what it throws. Throws `std::logic_error` when it waits for what never happens.
    template <class T>
    T run(awaitable<T> work) {
        const auto end = std::make_shared<end_of<T>>();
        asio::co_spawn(context_, std::move(work), [end](std::exception_ptr failed, T value) {
            end->failed = std::move(failed);
            end->value.emplace(std::move(value));
        });
        run_until([&] { return end->value.has_value(); });
        if (end->failed) std::rethrow_exception(end->failed);
        return std::move(*end->value);
    }
    void run(awaitable<void> work);

    /// Starts `work` beside all others, as a program of its own. What it throws comes out of
    /// whatever call runs the simulation then; the end of one that is cancelled is no exception.
    void spawn(awaitable<void> work);

    /// Runs all that can run until nothing is left to happen.
    void settle();

    /// Whether all that was started has ended; to be asked after `settle`.
    bool is_over() const noexcept { return context_.stopped(); }

    /// Cancels at each point at which a program can be cancelled: calls `make()` afresh for n = 0,
    /// 1, 2, … and cancels what it gives after n handlers have run, until one has ended by itself.
    /// Calls `check(n)` after each, once the simulation has settled, to be told whether all is
    /// well. Gives the number of cancelled runs.
    ///
    /// Throws `std::runtime_error`, which names the run, when `check` gives false; what `check`
    /// throws comes out. Rethrows what `make()` throws, unless that is the end of a cancelled
    /// coroutine.
    template <class Make, class Check>
    int cancel_everywhere(Make make, Check check) {
        for (int n = 0;; ++n) {
            const bool cancelled = cancel_after(n, make());
            const bool held = check(n);
            if (!held) check_failed(n, cancelled);
            if (!cancelled) return n;
            check_that_it_ends(n);
        }
    }

    /// How long, in real time, a simulation in which nothing can happen waits for a real socket or
    /// another thread to bring something. Zero, as it should be where all is simulated: not at all.
    std::chrono::nanoseconds patience{};

  private:
    template <class T>
    struct end_of {
        std::optional<T> value;
        std::exception_ptr failed;
    };

    bool step();
    void run_until(const std::function<bool()>& ended);
    /// True when the cancellation came before the end.
    bool cancel_after(int handlers, awaitable<void> work);
    [[noreturn]] static void check_failed(int handlers, bool cancelled);
    static void check_that_it_ends(int cancelled_runs);

    std::shared_ptr<virtual_clock> clock_;
    std::shared_ptr<seeded_random> random_;
    std::shared_ptr<testing::trace> trace_;
    asio::io_context context_;  // first to go: what waits in it refers to the others
};

}  // namespace cairn::testing
