#pragma once

#include <cairn/core/asio.hpp>

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

}  // namespace cairn
