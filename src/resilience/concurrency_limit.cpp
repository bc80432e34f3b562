#include "core/completion.hpp"

#include <cairn/resilience/concurrency_limit.hpp>

#include <algorithm>
#include <deque>
#include <mutex>

namespace cairn {

concurrency_limit_options::concurrency_limit_options(std::size_t at_once, std::size_t waiting)
    : max_at_once(at_once), max_waiting(waiting) {}

namespace {

concurrency_limit_options with_defaults(concurrency_limit_options options) {
    options.max_at_once = std::max<std::size_t>(options.max_at_once, 1);
    if (!options.clock) options.clock = system_clock();
    return options;
}

}  // namespace

struct concurrency_limit::shared {
    explicit shared(concurrency_limit_options o) : options(with_defaults(std::move(o))) {}

    const concurrency_limit_options options;
    const observe::trace told{options.sink.get(), options.clock.get()};
    std::mutex mutex;  // guards what follows
    std::size_t running = 0;
    std::deque<std::shared_ptr<completion>> waiting;

    // Who came first runs first.
    bool start() {
        if (!waiting.empty() || running >= options.max_at_once) return false;
        ++running;
        return true;
    }
    // Whether the call has a place: to run, or, with its waiter, in the queue.
    enum class place_for { none, running, waiting };
    place_for enter(const std::shared_ptr<completion>& waiter) {
        const std::lock_guard lock(mutex);
        if (start()) return place_for::running;
        if (waiting.size() >= options.max_waiting) return place_for::none;
        waiting.push_back(waiter);
        return place_for::waiting;
    }
    error turned_away() const {
        auto e =
            error(errc::concurrency_limited, std::to_string(options.max_at_once) + " run and " +
                                                 std::to_string(options.max_waiting) + " wait")
                .effect(effect::not_applied);
        if (told) told.tell(observe::call_rejected{options.name, &e});
        return e;
    }
    // The right to run goes to the first who still waits.
    void end() {
        const std::lock_guard lock(mutex);
        while (!waiting.empty()) {
            const auto first = std::move(waiting.front());
            waiting.pop_front();
            if (first->complete()) return;
        }
        --running;
    }
    void leave(const std::shared_ptr<completion>& waiter) {
        const std::lock_guard lock(mutex);
        std::erase(waiting, waiter);
    }
};

// A place in the queue. Its coroutine may be destroyed with the io_context it waits on, when the
// limit itself, and others who wait for it, live on.
class concurrency_limit::place {
  public:
    place(std::shared_ptr<shared> of, std::shared_ptr<completion> waiter)
        : of_(std::move(of)), waiter_(std::move(waiter)) {}
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    ~place() {
        if (!of_) return;
        if (waiter_->complete())
            of_->leave(waiter_);
        else
            of_->end();
    }

    permit granted() { return permit(std::exchange(of_, nullptr)); }
    void given_up() { std::exchange(of_, nullptr)->leave(waiter_); }

  private:
    std::shared_ptr<shared> of_;
    std::shared_ptr<completion> waiter_;
};

concurrency_limit::concurrency_limit(concurrency_limit_options options)
    : shared_(std::make_shared<shared>(std::move(options))) {}

concurrency_limit::permit::~permit() {
    if (of_) of_->end();
}

std::optional<concurrency_limit::permit> concurrency_limit::try_acquire() const {
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->start()) return std::nullopt;
    return permit(shared_);
}

awaitable<result<concurrency_limit::permit>> concurrency_limit::acquire_from(
    std::shared_ptr<shared> of) {
    const auto waiter = std::make_shared<completion>();
    const auto entered = of->enter(waiter);
    if (entered == shared::place_for::running) co_return permit(of);
    if (entered == shared::place_for::none) co_return of->turned_away();
    place in_line(of, waiter);
    const auto from = of->told ? of->told.now() : clock::time_point();
    const bool granted = co_await waiter->wait();
    if (of->told) of->told.tell(observe::call_queued{of->options.name, of->told.now() - from});
    if (granted) co_return in_line.granted();
    in_line.given_up();
    co_return error(errc::canceled, "while waiting to run").effect(effect::not_applied);
}

std::size_t concurrency_limit::running() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->running;
}

std::size_t concurrency_limit::waiting() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->waiting.size();
}

}  // namespace cairn
