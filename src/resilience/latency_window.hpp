#pragma once

#include <cairn/core/clock.hpp>

#include <array>
#include <cstddef>

namespace cairn {

/// How long the latest calls took.
class latency_window {
  public:
    void add(clock::duration took);
    /// What 95 in 100 of them took at most; zero if there was none.
    clock::duration p95() const;

  private:
    static constexpr std::size_t capacity = 100;

    std::array<clock::duration, capacity> in_turn_{};
    std::array<clock::duration, capacity> in_order_{};
    std::size_t count_ = 0;
    std::size_t next_ = 0;  ///< In `in_turn_`: the oldest, once it is full.
};

}  // namespace cairn
