#pragma once

#include "core/cancellation.hpp"

#include <cairn/core/asio.hpp>
#include <cairn/core/result.hpp>

#include <memory>
#include <string>
#include <utility>

namespace cairn::checkpoint::detail {

/// What a public call is doing at the moment, for the error that may end it.
struct call {
    call(std::string what, cairn::effect effect) : what(std::move(what)), effect(effect) {}
    std::string what;      ///< `save checkpoint 7 of thread "job-42" at s3://bucket/key`
    cairn::effect effect;  ///< What a cancellation now would leave behind.
};

using call_ptr = std::shared_ptr<call>;

/// `e`, said to have ended what `context` was doing.
error in_context(const call& context, error e);

/// Runs the body of a public call: names the call in its errors, and turns a cancellation, which
/// may come as a value of the backing's, into `canceled` with the effect that `context` tells.
template <class T>
awaitable<result<T>> guard(call_ptr context, awaitable<result<T>> body) {
    try {
        auto ended = co_await std::move(body);
        if (ended) co_return ended;
        auto e = ended.error();
        if (e.code() == errc::canceled) e.effect(context->effect);
        co_return in_context(*context, std::move(e));
    } catch (const boost::system::system_error& e) {
        if (!is_cancellation(e)) throw;
    }
    error e(errc::canceled);
    e.effect(context->effect);
    co_return in_context(*context, std::move(e));
}

}  // namespace cairn::checkpoint::detail
