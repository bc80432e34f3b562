#pragma once

#include <cairn/core/asio.hpp>

#include <boost/system/system_error.hpp>

namespace cairn {

/// Whether `thrown` is the end of a cancelled `co_await`, as Asio has it.
inline bool is_cancellation(const boost::system::system_error& thrown) {
    return thrown.code() == asio::error::operation_aborted;
}

}  // namespace cairn
