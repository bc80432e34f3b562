#include <cairn/resilience/retry_quota.hpp>

#include <algorithm>

namespace cairn {

retry_quota::retry_quota(unsigned capacity, unsigned tokens)
    : capacity_(capacity), tokens_(std::min(capacity, tokens)) {}

bool retry_quota::take(unsigned count) noexcept {
    auto held = tokens_.load(std::memory_order_relaxed);
    do {
        if (held < count) return false;
    } while (!tokens_.compare_exchange_weak(held, held - count, std::memory_order_relaxed));
    return true;
}

void retry_quota::give(unsigned count) noexcept {
    auto held = tokens_.load(std::memory_order_relaxed);
    while (!tokens_.compare_exchange_weak(held, held + std::min(count, capacity_ - held),
                                          std::memory_order_relaxed)) {
    }
}

}  // namespace cairn
