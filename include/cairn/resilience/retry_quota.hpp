#pragma once

#include <atomic>

namespace cairn {

/// Tokens that retries spend and successes earn, shared by all calls to one service: when much of
/// it fails, retries stop before they make it worse.
///
/// Thread-safe.
class retry_quota {
  public:
    /// AWS's standard retry mode has 500.
    static constexpr unsigned standard_capacity = 500;

    explicit retry_quota(unsigned capacity = standard_capacity, unsigned tokens = -1U);

    /// Takes `count` tokens, or none when there are fewer.
    bool take(unsigned count) noexcept;
    /// Gives tokens back, up to the capacity.
    void give(unsigned count) noexcept;
    unsigned available() const noexcept { return tokens_.load(std::memory_order_relaxed); }

  private:
    const unsigned capacity_;
    std::atomic<unsigned> tokens_;
};

}  // namespace cairn
