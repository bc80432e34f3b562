#pragma once

#include <cairn/core/asio.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <tuple>
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

/// A child's value, and whether it settles the race.
template <class T>
struct race_end {
    race_end() = default;
    end_of<T> value;
    bool settles = false;
};

/// Passes a child's cancellation on, on the child's executor, and never before the child has
/// started.
///
/// Asio 1.26 throws the cancellation of a coroutine that has not started out of `io_context::run`
/// (co_spawn's entry point awaits once more outside its own try block), and one that is emitted
/// from another executor may reach a coroutine that has gone (co_spawn dispatches it with a bare
/// pointer).
struct start_gate {
    asio::cancellation_signal signal;
    bool started = false;
    bool stopped = false;

    void cancel(asio::cancellation_type type) {
        if (started)
            signal.emit(type);
        else
            stopped = true;
    }
};

template <class T, class Settles>
awaitable<race_end<T>> race_child(std::shared_ptr<start_gate> gate, awaitable<T> work,
                                  Settles settles) {
    race_end<T> end;
    gate->started = true;
    if (gate->stopped) co_return end;
    if constexpr (std::is_void_v<T>) {
        co_await std::move(work);
        end.value.emplace();
        end.settles = true;
    } else {
        end.value.emplace(co_await std::move(work));
        end.settles = settles(*end.value);
    }
    // Work that was cancelled may still end with a value that tells so.
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) end.value.reset();
    co_return end;
}

// A child as an operation of a parallel group.
template <class Executor, class T, class Settles>
auto spawn_child(Executor executor, awaitable<T> work, Settles settles) {
    // Shared, for clang compiles a copy of the initiation, which Asio 1.26 never makes.
    auto initiate = [executor, settles,
                     work = std::make_shared<awaitable<T>>(std::move(work))](auto handler) {
        const auto gate = std::make_shared<start_gate>();
        if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected())
            slot.assign([gate, executor](asio::cancellation_type type) {
                asio::dispatch(executor, [gate, type] { gate->cancel(type); });
            });
        asio::co_spawn(executor, race_child(gate, std::move(*work), settles),
                       asio::bind_cancellation_slot(gate->signal.slot(), std::move(handler)));
    };
    return asio::async_initiate<const asio::deferred_t, void(std::exception_ptr, race_end<T>)>(
        std::move(initiate), asio::deferred);
}

struct cancel_when_settled {
    template <class T>
    asio::cancellation_type_t operator()(const std::exception_ptr& failed,
                                         const race_end<T>& end) const {
        return failed || end.settles ? asio::cancellation_type::terminal
                                     : asio::cancellation_type::none;
    }
};

inline void rethrow_unless_canceled(const std::exception_ptr& failed) {
    if (!failed) return;
    try {
        std::rethrow_exception(failed);
    } catch (const boost::system::system_error& e) {
        if (e.code() != asio::error::operation_aborted) throw;
    }
}

}  // namespace detail

/// Runs two awaitables at once; the first end that settles the race cancels the other. Gives what
/// each came to, nothing for one that was cancelled; rethrows any other exception of theirs.
///
/// @param executor a strand wherever several threads run the context.
/// @param second_settles whether this end of `second` settles the race; an end of `first` always
/// does. Cancellation: cancels both, then throws `operation_aborted`.
template <class Executor, class First, class Second, class Settles = always>
awaitable<std::pair<detail::end_of<First>, detail::end_of<Second>>> race(
    Executor executor, awaitable<First> first, awaitable<Second> second,
    Settles second_settles = {}) {
    auto group = asio::experimental::make_parallel_group(
        detail::spawn_child(executor, std::move(first), always{}),
        detail::spawn_child(executor, std::move(second), second_settles));
    const auto ends = co_await group.async_wait(detail::cancel_when_settled{}, asio::use_awaitable);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
    detail::rethrow_unless_canceled(std::get<1>(ends));
    detail::rethrow_unless_canceled(std::get<3>(ends));
    co_return std::pair(std::get<2>(ends).value, std::get<4>(ends).value);
}

}  // namespace cairn
