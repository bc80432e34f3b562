#pragma once

#include <cairn/core/asio.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/strand.hpp>

namespace cairn {

/// `executor`, if it is a strand that cairn has made; else a new strand on it.
inline asio::any_io_executor on_a_strand(const asio::any_io_executor& executor) {
    using strand = asio::strand<asio::any_io_executor>;
    if (executor.target<strand>()) return executor;
    return strand(executor);
}

}  // namespace cairn
