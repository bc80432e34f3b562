#include "core/cancellation.hpp"
#include "core/saturated.hpp"
#include "core/strand.hpp"
#include "core/task_group.hpp"
#include "resilience/latency_window.hpp"

#include <cairn/resilience/hedge.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <mutex>
#include <optional>

namespace cairn {
namespace {

constexpr unsigned cost = 14;
constexpr unsigned earned = 1;

hedge_options with_defaults(hedge_options options) {
    if (!options.quota) options.quota = std::make_shared<retry_quota>();
    if (!options.clock) options.clock = system_clock();
    return options;
}

}  // namespace

hedge_options::hedge_options() = default;

struct hedge::shared {
    explicit shared(hedge_options o) : options(with_defaults(std::move(o))) {}

    clock::duration delay() {
        if (options.delay > clock::duration()) return options.delay;
        const std::lock_guard lock(mutex);
        return std::max(latest.p95(), options.least_delay);
    }
    void succeeded(clock::duration took) {
        const std::lock_guard lock(mutex);
        latest.add(took);
    }

    void tell_hedged(clock::time_point since) const {
        const observe::trace told(options.sink.get(), options.clock.get());
        if (told) told.tell(observe::call_hedged{told.now() - since});
    }

    const hedge_options options;
    std::mutex mutex;
    latency_window latest;  ///< Guarded by `mutex`.
};

// One hedged call; touched on its strand only.
class hedge::contest {
  public:
    contest(shared& of, task_group& both, const start& call, const has_failed& failed)
        : of_(of),
          both_(both),
          call_(call),
          failed_(failed),
          started_(of.options.clock->now()),
          second_at_(later(started_, of.delay())) {}

    awaitable<void> first() {
        co_await call_(0);
        ended(0);
        first_over_ = true;
        if (!second_runs_) both_.cancel();
    }

    awaitable<void> second() {
        co_await of_.options.clock->sleep_until(second_at_);
        if (first_over_) co_return;
        if (!of_.options.quota->take(cost)) co_return;
        second_runs_ = true;
        of_.tell_hedged(started_);
        co_await call_(1);
        ended(1);
    }

    std::size_t decided() const { return winner_.value_or(last_); }

  private:
    void ended(std::size_t n) {
        last_ = n;
        if (winner_ || failed_(n)) return;
        winner_ = n;
        // With a second call this is less than the first one's time, but more than its delay: the
        // slowest stay the slowest.
        of_.succeeded(of_.options.clock->now() - started_);
        if (!second_runs_) of_.options.quota->give(earned);
        both_.cancel();
    }

    shared& of_;
    task_group& both_;
    const start& call_;
    const has_failed& failed_;
    const clock::time_point started_;
    const clock::time_point second_at_;
    bool first_over_ = false;
    bool second_runs_ = false;
    std::optional<std::size_t> winner_;
    std::size_t last_ = 0;
};

hedge::hedge(hedge_options options) : shared_(std::make_shared<shared>(std::move(options))) {}

awaitable<std::size_t> hedge::run_both(std::shared_ptr<shared> of, start call, has_failed failed) {
    const auto executor = on_a_strand(co_await asio::this_coro::executor);
    const auto both = std::make_shared<task_group>();
    contest between(*of, *both, call, failed);
    both->add(executor, between.first());
    both->add(executor, between.second());
    try {
        co_await both->run();
    } catch (const boost::system::system_error& e) {
        // The caller's cancellation: the calls' own ends tell of it.
        if (!is_cancellation(e)) throw;
    }
    co_return between.decided();
}

}  // namespace cairn
