#pragma once

#include "support/io.hpp"

#include <cairn/core/random.hpp>
#include <cairn/core/result.hpp>

#include <cstring>
#include <deque>

namespace cairn {

/// Always the same: 0 is no pause at all, 1 the longest there is.
class constant_random final : public random {
  public:
    explicit constant_random(bool ones) : byte_(ones ? 0xff : 0) {}
    void fill(std::span<std::byte> out) noexcept override {
        std::memset(out.data(), byte_, out.size());
    }

  private:
    int byte_;
};

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
