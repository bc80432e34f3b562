#pragma once

#include <cairn/core/asio.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/strand.hpp>

namespace cairn {

/// The strands that cairn makes.
using strand = asio::strand<asio::any_io_executor>;

/// `executor`, if it is a strand that cairn has made; else a new strand on it.
inline asio::any_io_executor on_a_strand(const asio::any_io_executor& executor) {
    if (executor.target<strand>()) return executor;
    return strand(executor);
}

/// What `executor` is a strand on, if it is one that cairn has made; else itself. For sockets and
/// timers, which outlive a call's strand, and for which each operation would allocate a copy of it.
inline asio::any_io_executor off_strands(const asio::any_io_executor& executor) {
    const auto* const on = executor.target<strand>();
    return on ? on->get_inner_executor() : executor;
}

}  // namespace cairn
