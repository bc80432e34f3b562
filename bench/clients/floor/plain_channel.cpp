#include "plain_channel.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>

namespace cairn::bench {

plain_channel::plain_channel(const workload& load, const context&)
    : socket_(connect_to_server(load)) {
    make_non_blocking(socket_);
}

std::optional<std::size_t> plain_channel::read(std::span<char> into) {
    const ssize_t got = recv(fd(), into.data(), into.size(), 0);
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0) throw std::runtime_error("the server has closed the connection");
    if (errno == EAGAIN) return std::nullopt;
    throw std::system_error(errno, std::system_category(), "recv");
}

void plain_channel::write(std::string_view request) {
    const ssize_t sent = checked(send(fd(), request.data(), request.size(), MSG_NOSIGNAL), "send");
    if (static_cast<std::size_t>(sent) != request.size())
        throw std::runtime_error("send was short");
}

std::optional<std::size_t> plain_channel::write_some(std::span<const char> bytes) {
    const ssize_t sent = send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return std::nullopt;
    return static_cast<std::size_t>(checked(sent, "send"));
}

descriptor connect_to_server(const workload& load) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(load.port);
    if (inet_pton(AF_INET, load.host.c_str(), &address.sin_addr) != 1) {
        throw std::invalid_argument("--host is not an IPv4 address: " + load.host);
    }
    descriptor socket(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    checked(connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            "connect");
    const int on = 1;
    checked(setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
    return socket;
}

void make_non_blocking(const descriptor& socket) {
    checked(fcntl(socket.get(), F_SETFL, O_NONBLOCK), "fcntl");
}

}  // namespace cairn::bench
