#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace cairn::transfer {

/// How far a transfer has come.
struct progress {
    std::uint64_t bytes = 0;                   ///< Arrived, each counted once.
    std::optional<std::uint64_t> total_bytes;  ///< Nothing while it is not known.
};

/// Hears of progress, on the transfer's executor; it must not block, nor throw.
using on_progress = std::function<void(const progress&)>;

}  // namespace cairn::transfer
