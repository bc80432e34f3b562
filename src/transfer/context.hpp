#pragma once

#include "transfer/memory_budget.hpp"

#include <cairn/core/workers.hpp>
#include <cairn/resilience/concurrency_limit.hpp>
#include <cairn/s3/client.hpp>
#include <cairn/transfer/options.hpp>

#include <memory>

namespace cairn::transfer {

/// What transfers of one direction share.
struct lane {
    lane(std::size_t parts_at_once, std::uint64_t memory_bytes);

    /// Taken before a place, and never while one is held: or those who hold all places may wait for
    /// memory, and those who hold all memory for a place.
    memory_budget memory;
    concurrency_limit places;
};

/// What all transfers of a manager share.
struct context {
    context(s3::client on, const transfer::options& chosen);

    /// What requests go by: patient once the service has answered.
    const s3::client& client() const { return given.has_succeeded() ? patient_ : given; }

    const s3::client given;
    const transfer::options options;
    std::shared_ptr<cairn::workers> workers;
    lane up;
    lane down;
    /// Of what opened objects read ahead, which they hold for as long as their reader pauses.
    memory_budget ahead;
    /// Compressors and decompressors, whose own memory is none of the budgets'. Their places are
    /// taken before any memory.
    concurrency_limit transforms;

  private:
    const s3::client patient_;
};

/// A buffer of this size holds what goes between a file and a connection: large enough that a
/// system call costs nothing beside it, small enough to stay in the processor's cache.
inline constexpr std::size_t piece_bytes = 256UL * 1024;
/// From a connection to a file more goes at once: there the kernel's work is most of the cost, and
/// grows with the calls (docs/performance.md).
inline constexpr std::size_t received_piece_bytes = 384UL * 1024;

}  // namespace cairn::transfer
