#pragma once

#include "core/cancellation.hpp"

#include <cairn/core/asio.hpp>
#include <cairn/core/result.hpp>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <functional>
#include <utility>

namespace cairn::transfer {

/// Runs `work`; when it fails or is cancelled, `give_up`, which is not cancelled, too, cleans up
/// and gives why it failed, which is `canceled` then. To be called within `run_alone`.
template <class T>
awaitable<result<T>> run_or_give_up(awaitable<result<T>> work,
                                    std::function<awaitable<error>(error)> give_up) {
    std::exception_ptr thrown;
    auto ended = result<T>(error(errc::canceled));
    try {
        ended = co_await std::move(work);
    } catch (const boost::system::system_error& e) {
        if (!is_cancellation(e)) thrown = std::current_exception();
    } catch (...) {
        thrown = std::current_exception();
    }
    if (!thrown && ended) co_return ended;
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    auto why = ended.error();
    auto failed = co_await give_up(std::move(why));
    if (thrown) std::rethrow_exception(thrown);
    co_return failed;
}

}  // namespace cairn::transfer
