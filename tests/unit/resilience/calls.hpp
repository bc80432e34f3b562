#pragma once

#include "support/constant_random.hpp"
#include "support/io.hpp"

#include <cairn/core/result.hpp>
#include <cairn/resilience/retry_policy.hpp>

#include <deque>

namespace cairn {

using test::constant_random;
using chance = constant_random::side;

/// Pauses as long as chance may choose, on a test's clock.
inline retry_policy longest_pauses(std::shared_ptr<clock> time) {
    retry_policy p;
    p.quota = std::make_shared<retry_quota>();
    p.clock = std::move(time);
    p.random = std::make_shared<constant_random>(chance::greatest);
    return p;
}

/// A service that ends each call as it was told: fails with a code, or succeeds with `errc()`.
class scripted_calls {
  public:
    explicit scripted_calls(std::deque<error> ends) : ends_(std::move(ends)) {}

    /// What the combinators wrap.
    awaitable<result<int>> operator()() {
        ++made;
        if (ends_.empty()) co_return made;
        const auto end = std::move(ends_.front());
        ends_.pop_front();
        if (end.code()) co_return end;
        co_return made;
    }

    int made = 0;

  private:
    std::deque<error> ends_;
};

}  // namespace cairn
