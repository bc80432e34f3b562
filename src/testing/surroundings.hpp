#pragma once

#include "core/cancellation.hpp"

#include <cairn/core/clock.hpp>
#include <cairn/testing/seeded_random.hpp>
#include <cairn/testing/trace.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>

#include <memory>

namespace cairn::testing {

/// Starts `work` beside all others. What it throws comes out of the context's `run`; the end of a
/// cancelled coroutine is no exception.
inline void spawn_beside(const asio::any_io_executor& executor, awaitable<void> work) {
    asio::co_spawn(executor, std::move(work), [](std::exception_ptr failed) {
        if (failed && !is_cancellation(failed)) std::rethrow_exception(failed);
    });
}

/// What a simulated thing lives in.
struct surroundings {
    asio::any_io_executor executor;
    std::shared_ptr<cairn::clock> clock;
    std::shared_ptr<seeded_random> random;
    std::shared_ptr<testing::trace> trace;
};

}  // namespace cairn::testing
