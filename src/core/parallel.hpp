#pragma once

#include <cairn/core/asio.hpp>
#include <cairn/core/result.hpp>

#include <cstddef>
#include <functional>

namespace cairn {

/// Runs `step(0)` to `step(count - 1)`, at most `width` at once. After a failure no further ones
/// are begun, and the failure of the lowest index is given.
///
/// Cancellation: cancels those that run and waits for them.
awaitable<result<void>> for_each_bounded(std::size_t count, std::size_t width,
                                         std::function<awaitable<result<void>>(std::size_t)> step);

/// Runs `width` workers at once, all on one strand, so that they may share what they like. The
/// first failure, or exception, cancels the others and is given.
///
/// Cancellation: cancels all and waits for them.
awaitable<result<void>> run_workers(std::size_t width,
                                    std::function<awaitable<result<void>>()> worker);

}  // namespace cairn
