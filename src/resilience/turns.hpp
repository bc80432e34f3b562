#pragma once

#include "core/cancellation.hpp"
#include "core/completion.hpp"
#include "core/saturated.hpp"

#include <cairn/core/clock.hpp>
#include <cairn/core/result.hpp>
#include <cairn/observe/sink.hpp>

#include <algorithm>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

namespace cairn {

/// Lets calls begin when a machine says so, first come, first served.
///
/// Only the first in line waits for a time; the others wait to be the first. Nobody holds a turn
/// that has not come, so that one who leaves the line loses none. Thread-safe.
template <class Machine>
class turns {
  public:
    using time_point = clock::time_point;

    explicit turns(Machine machine) : machine_(std::move(machine)) {}

    /// What a newcomer gets: neither a wait nor a place when it has begun, no place when the wait
    /// would be too long.
    struct answer {
        clock::duration wait{};
        std::shared_ptr<completion> place;  ///< Completed when it is the first in line.
    };
    answer enter(time_point now, clock::duration max_wait) {
        const std::lock_guard lock(mutex_);
        const auto wait = machine_.wait(now, line_.size());
        if (line_.empty() && wait == clock::duration()) {
            machine_.begin(now);
            return {};
        }
        if (wait > max_wait) return {wait, nullptr};
        const auto place = std::make_shared<completion>();
        if (line_.empty()) {
            next_ = later(now, wait);
            place->complete();
        }
        line_.push_back(place);
        return {wait, place};
    }
    /// When the first in line begins.
    time_point next() const {
        const std::lock_guard lock(mutex_);
        return next_;
    }
    /// The first in line begins, and leaves it.
    void begin(time_point now) {
        const std::lock_guard lock(mutex_);
        machine_.begin(next_);
        const auto from = std::max(next_, now - made_up_for);
        next_ = later(from, machine_.wait(from, 0));
        line_.pop_front();
        call_first();
    }
    void leave(const std::shared_ptr<completion>& place) {
        const std::lock_guard lock(mutex_);
        const bool was_first = !line_.empty() && line_.front() == place;
        std::erase(line_, place);
        if (was_first) call_first();
    }

    /// The machine's own part, alone: `use` is called with it.
    template <class Use>
    auto locked(Use use) {
        const std::lock_guard lock(mutex_);
        return use(machine_);
    }

  private:
    // By so much an alarm, or a busy thread, may be late without slowing down those behind.
    static constexpr clock::duration made_up_for = std::chrono::milliseconds(10);

    // Those who were cancelled, and have not left yet, are passed over.
    void call_first() {
        while (!line_.empty() && !line_.front()->complete()) line_.pop_front();
    }

    mutable std::mutex mutex_;  // guards what follows
    Machine machine_;
    std::deque<std::shared_ptr<completion>> line_;
    time_point next_{};
};

/// A place in line. Its coroutine may be destroyed with the io_context it waits on, when those
/// behind it live on.
template <class Machine>
class place_in_line {
  public:
    place_in_line(turns<Machine>& of, std::shared_ptr<completion> place)
        : of_(of), place_(std::move(place)) {}
    place_in_line(const place_in_line&) = delete;
    place_in_line& operator=(const place_in_line&) = delete;
    ~place_in_line() {
        if (place_) of_.leave(place_);
    }

    /// Precondition: it is the first.
    void begin(clock::time_point now) {
        place_ = nullptr;
        of_.begin(now);
    }

  private:
    turns<Machine>& of_;
    std::shared_ptr<completion> place_;
};

/// Waits for the turn that `place` in the line of `of` comes to. Ends with `canceled`, and leaves
/// the line, when the wait is cancelled.
///
/// @param where for the error: "while waiting for the rate limit".
template <class Limit>
awaitable<result<void>> wait_for_turn(std::shared_ptr<Limit> of, std::shared_ptr<completion> place,
                                      const char* where) {
    auto& time = *of->options.clock;
    const auto from = time.now();
    bool granted = false;
    try {
        place_in_line here(of->line, place);
        const bool first = co_await place->wait();
        if (first) {
            co_await time.sleep_until(of->line.next());
            here.begin(time.now());
            granted = true;
        }
    } catch (const boost::system::system_error& e) {
        if (!is_cancellation(e)) throw;
    }
    if (of->told) of->told.tell(observe::call_queued{of->options.name, time.now() - from});
    if (granted) co_return result<void>();
    co_return error(errc::canceled, where).effect(effect::not_applied);
}

}  // namespace cairn
