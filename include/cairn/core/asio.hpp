#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>

namespace cairn {

namespace asio = boost::asio;
using asio::awaitable;

}  // namespace cairn
