#pragma once

#include <cairn/core/asio.hpp>

#include <boost/asio/cancellation_state.hpp>
#include <boost/system/system_error.hpp>

#include <exception>

namespace cairn {

/// Whether `thrown` is the end of a cancelled `co_await`, as Asio has it.
inline bool is_cancellation(const boost::system::system_error& thrown) {
    return thrown.code() == asio::error::operation_aborted;
}
inline bool is_cancellation(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const boost::system::system_error& e) {
        return is_cancellation(e);
    } catch (...) {
        return false;
    }
}

/// Whether a coroutine with that state has been cancelled: its next `co_await` throws.
inline bool is_cancelled(const asio::cancellation_state& state) {
    return state.cancelled() != asio::cancellation_type::none;
}

/// What a coroutine that has been cancelled does once it may: as its next `co_await` would. A
/// cancellation that comes while its handler is queued is not told by anything else.
inline void throw_if_cancelled(const asio::cancellation_state& state) {
    if (is_cancelled(state)) throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace cairn
