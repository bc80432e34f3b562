#include "testing/surroundings.hpp"

#include <cairn/testing/simulation.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include <stdexcept>

namespace cairn::testing {
namespace {

// Far more suspensions than a program has that is meant to be cancelled at each of them.
constexpr int most_cancelled_runs = 2000;

struct cancelled_run {
    asio::cancellation_signal cancel;
    std::exception_ptr failed;
    bool begun = false;
    bool ended = false;
    bool delivered = false;
};

awaitable<void> note_when_begun(std::shared_ptr<cancelled_run> of, awaitable<void> work) {
    of->begun = true;
    co_await std::move(work);
}

}  // namespace

simulation::simulation(std::uint64_t seed)
    : clock_(std::make_shared<virtual_clock>()),
      random_(std::make_shared<seeded_random>(seed)),
      trace_(std::make_shared<testing::trace>(clock_)) {}

simulation::~simulation() = default;

// One handler; else the next sleeper; else, with real sockets, whatever the kernel brings.
bool simulation::step() {
    context_.restart();
    if (context_.poll_one() > 0) return true;
    if (clock_->advance_to_next()) return true;
    if (patience == std::chrono::nanoseconds() || context_.stopped()) return false;
    return context_.run_one_for(patience) > 0;
}

void simulation::run_until(const std::function<bool()>& ended) {
    while (!ended())
        if (!step())
            throw std::logic_error(
                "the coroutine waits for something that never happens: all that runs on the "
                "simulation's clock has ended or waits, too (Asio's own timers, real sockets, and "
                "combinators or clients without the world's clock don't run on it)");
}

void simulation::run(awaitable<void> work) {
    const auto end = std::make_shared<end_of<bool>>();
    asio::co_spawn(context_, std::move(work), [end](std::exception_ptr failed) {
        end->failed = std::move(failed);
        end->value = true;
    });
    run_until([&] { return end->value.has_value(); });
    if (end->failed) std::rethrow_exception(end->failed);
}

void simulation::spawn(awaitable<void> work) {
    spawn_beside(context_.get_executor(), std::move(work));
}

void simulation::settle() {
    while (step()) {
    }
}

bool simulation::cancel_after(int handlers, awaitable<void> work) {
    const auto it = std::make_shared<cancelled_run>();
    asio::co_spawn(context_, note_when_begun(it, std::move(work)),
                   asio::bind_cancellation_slot(it->cancel.slot(), [it](std::exception_ptr failed) {
                       it->failed = std::move(failed);
                       it->ended = true;
                   }));
    // Asio 1.26 throws a cancellation that comes before a coroutine's first step out of the
    // context.
    run_until([&] { return it->begun; });
    int left = handlers;
    run_until([&] { return it->ended || left-- == 0; });
    const bool in_time = !it->ended;
    if (in_time) it->cancel.emit(asio::cancellation_type::terminal);
    run_until([&] { return it->ended; });
    // The cancellation is on its way by a bare pointer to the signal (also Asio 1.26).
    asio::post(context_, [it] { it->delivered = true; });
    run_until([&] { return it->delivered; });
    if (patience == std::chrono::nanoseconds()) settle();
    if (it->failed && !(in_time && is_cancellation(it->failed))) std::rethrow_exception(it->failed);
    return in_time;
}

void simulation::check_failed(int handlers, bool cancelled) {
    throw std::runtime_error(std::string("the check failed after the run that ") +
                             (cancelled ? "was cancelled" : "ended by itself") +
                             " (n = " + std::to_string(handlers) + ")");
}

void simulation::check_that_it_ends(int cancelled_runs) {
    if (cancelled_runs > most_cancelled_runs)
        throw std::logic_error("after " + std::to_string(cancelled_runs) +
                               " handlers the coroutine has still not ended by itself");
}

}  // namespace cairn::testing
