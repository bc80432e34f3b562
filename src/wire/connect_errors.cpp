#include "wire/connect_errors.hpp"

#include <sstream>

namespace cairn::wire {

std::string text_of(const boost::asio::ip::tcp::endpoint& address) {
    return (std::ostringstream() << address).str();
}

error resolve_error(const std::string& host, error_code cause) {
    error e(errc::resolve_failed, "host \"" + host + "\"");
    e.cause(cause);
    return e;
}

error connect_error(const boost::asio::ip::tcp::endpoint& address, error_code cause) {
    error e(errc::connect_failed, "connect to " + text_of(address));
    e.cause(cause);
    return e;
}

}  // namespace cairn::wire
