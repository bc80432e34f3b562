#include "resilience/latency_window.hpp"

#include <algorithm>

namespace cairn {

void latency_window::add(clock::duration took) {
    const auto begin = in_order_.begin();
    auto end = begin + static_cast<std::ptrdiff_t>(count_);
    if (count_ == capacity) {
        const auto oldest = std::lower_bound(begin, end, in_turn_[next_]);
        std::move(oldest + 1, end, oldest);
        --end;
    } else {
        ++count_;
    }
    const auto place = std::upper_bound(begin, end, took);
    std::move_backward(place, end, end + 1);
    *place = took;
    in_turn_[next_] = took;
    next_ = (next_ + 1) % capacity;
}

clock::duration latency_window::p95() const {
    if (count_ == 0) return {};
    const auto rank = (count_ * 95 + 99) / 100;
    return in_order_[rank - 1];
}

}  // namespace cairn
