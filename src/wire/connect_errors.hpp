#pragma once

#include <cairn/core/error.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace cairn::wire {

/// "192.0.2.1:80".
std::string text_of(const boost::asio::ip::tcp::endpoint& address);

// How a connection can't be had, in the words that every network has for it.

error resolve_error(const std::string& host, error_code cause);
error connect_error(const boost::asio::ip::tcp::endpoint& address, error_code cause);

}  // namespace cairn::wire
