#pragma once

#include "core/cancellation.hpp"
#include "core/strand.hpp"
#include "core/task.hpp"

#include <cairn/core/result.hpp>

#include <boost/asio/this_coro.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace cairn::transfer {

namespace detail {

template <class T>
awaitable<void> keep_end(awaitable<result<T>> work, std::optional<result<T>>& end) {
    end.emplace(co_await std::move(work));
}

}  // namespace detail

/// Of what a cancellation has kept from being begun.
inline error not_begun(std::string operation) {
    error e(errc::canceled);
    return e.operation(std::move(operation)).effect(effect::not_applied);
}

/// Runs a transfer as a coroutine of its own, on a strand, so that it may clean up after a
/// cancellation: its caller, which was cancelled too, waits for it. An error that doesn't say what
/// failed is one of `operation`, and one that doesn't say what it has changed has `otherwise`.
///
/// Cancellation: cancels the work, waits for its end and gives it; `canceled` where it threw.
template <class T>
awaitable<result<T>> run_alone(std::string operation, effect otherwise, awaitable<result<T>> work) {
    const auto executor = on_a_strand(co_await asio::this_coro::executor);
    std::optional<result<T>> end;
    const auto alone = std::make_shared<task>(executor, detail::keep_end<T>(std::move(work), end));
    try {
        co_await alone->run();
    } catch (const boost::system::system_error& e) {
        if (!is_cancellation(e)) throw;
    }
    if (!end) end.emplace(error(errc::canceled));
    if (*end) co_return std::move(*end);
    auto failed = end->error();
    if (failed.operation().empty()) failed.operation(std::move(operation));
    if (failed.effect() == effect::none) failed.effect(otherwise);
    co_return failed;
}

}  // namespace cairn::transfer
