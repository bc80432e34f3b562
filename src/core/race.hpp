#pragma once

#include "core/task_group.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace cairn {

/// Every end settles the race.
struct always {
    template <class T>
    bool operator()(const T&) const noexcept {
        return true;
    }
};

namespace detail {

template <class T>
using end_of = std::optional<std::conditional_t<std::is_void_v<T>, std::monostate, T>>;

template <class T, class Settles>
awaitable<void> run_in_race(task_group& racers, awaitable<T> work, end_of<T>& end,
                            Settles settles) {
    end_of<T> came_to;
    if constexpr (std::is_void_v<T>) {
        co_await std::move(work);
        came_to.emplace();
    } else {
        came_to.emplace(co_await std::move(work));
    }
    // Work that was cancelled may still end with a value that tells so.
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return;
    end = std::move(came_to);
    if (settles(*end)) racers.cancel();
}

}  // namespace detail

/// Runs two awaitables at once; the first end that settles the race cancels the other. Gives what
/// each came to, nothing for one that was cancelled; rethrows any other exception of theirs.
///
/// @param executor a strand wherever several threads run the context.
/// @param second_settles whether this end of `second` settles the race; an end of `first` always
/// does. Cancellation: cancels both, then throws `operation_aborted`.
template <class First, class Second, class Settles = always>
awaitable<std::pair<detail::end_of<First>, detail::end_of<Second>>> race(
    asio::any_io_executor executor, awaitable<First> first, awaitable<Second> second,
    Settles second_settles = {}) {
    const auto racers = std::make_shared<task_group>();
    std::pair<detail::end_of<First>, detail::end_of<Second>> ends;
    racers->add(executor, detail::run_in_race(*racers, std::move(first), ends.first, always{}));
    racers->add(executor,
                detail::run_in_race(*racers, std::move(second), ends.second, second_settles));
    co_await racers->run();
    co_return ends;
}

}  // namespace cairn
