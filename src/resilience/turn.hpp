#pragma once

#include "core/cancellation.hpp"

#include <cairn/core/clock.hpp>
#include <cairn/core/result.hpp>
#include <cairn/observe/sink.hpp>

#include <memory>

namespace cairn {

/// Waits for a turn that has been taken from `of`, which gets it back when the wait is cancelled.
/// Ends with `canceled` then.
///
/// @param where for the error: "while waiting for the rate limit".
template <class Turns>
awaitable<result<void>> wait_for_turn(std::shared_ptr<Turns> of, clock::time_point at,
                                      const char* where) {
    const auto from = of->options.clock->now();
    bool granted = false;
    try {
        co_await of->options.clock->sleep_until(at);
        granted = true;
    } catch (const boost::system::system_error& e) {
        of->give_back();
        if (!is_cancellation(e)) throw;
    }
    if (of->told)
        of->told.tell(observe::call_queued{of->options.name, of->options.clock->now() - from});
    if (granted) co_return result<void>();
    co_return error(errc::canceled, where).effect(effect::not_applied);
}

}  // namespace cairn
