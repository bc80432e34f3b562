#pragma once

#include <cairn/core/asio.hpp>
#include <cairn/core/result.hpp>

#include <cstddef>
#include <functional>
#include <vector>

namespace cairn::transfer {

/// Runs `step(0)` to `step(count - 1)`, at most `width` at once, and gives each one's outcome in
/// that order: one that fails keeps no other from being tried. What `step` refers to outlives the
/// call; an exception of one cancels the others and is rethrown. Where several threads run the
/// context, steps run on several at once.
///
/// Cancellation: cancels those that run, waits for them, begins no others, and throws
/// `operation_aborted`.
awaitable<std::vector<result<void>>> batch(
    std::size_t count, std::size_t width, std::function<awaitable<result<void>>(std::size_t)> step);

}  // namespace cairn::transfer
