#include "core/completion.hpp"

#include <cairn/resilience/concurrency_limit.hpp>

#include <algorithm>
#include <deque>
#include <mutex>

namespace cairn {

struct concurrency_limit::shared {
    explicit shared(concurrency_limit_options o)
        : max_at_once(std::max<std::size_t>(o.max_at_once, 1)), max_waiting(o.max_waiting) {}

    const std::size_t max_at_once;
    const std::size_t max_waiting;
    std::mutex mutex;  // guards what follows
    std::size_t running = 0;
    std::deque<std::shared_ptr<completion>> waiting;

    // Who came first runs first.
    bool start() {
        if (!waiting.empty() || running >= max_at_once) return false;
        ++running;
        return true;
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
    : shared_(std::make_shared<shared>(options)) {}

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
    {
        const std::lock_guard lock(of->mutex);
        if (of->start()) co_return permit(of);
        if (of->waiting.size() >= of->max_waiting)
            co_return error(errc::concurrency_limited,
                            std::to_string(of->max_at_once) + " run and " +
                                std::to_string(of->waiting.size()) + " wait")
                .effect(effect::not_applied);
        of->waiting.push_back(waiter);
    }
    place in_line(of, waiter);
    const bool granted = co_await waiter->wait();
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
