#pragma once

#include "../common/descriptor.hpp"
#include "../common/workload.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace cairn::bench {

/// A connected, non-blocking TCP socket.
class plain_channel {
  public:
    /// What a connection needs beyond its socket: nothing.
    struct context {
        explicit context(const workload&) {}
    };
    /// Whether readable bytes may wait in the channel itself, where epoll can't see them.
    static constexpr bool holds_bytes_back = false;

    plain_channel(const workload& load, const context&);

    int fd() const { return socket_.get(); }
    /// Nothing when there is nothing to read yet.
    std::optional<std::size_t> read(std::span<char> into);
    /// Requests are smaller than an idle socket's buffer, so that all of one goes at once.
    void write(std::string_view request);
    /// Nothing when there is no room yet.
    std::optional<std::size_t> write_some(std::span<const char> bytes);

  private:
    descriptor socket_;
};

/// A TCP connection to the workload's server, still blocking.
descriptor connect_to_server(const workload& load);
void make_non_blocking(const descriptor& socket);

}  // namespace cairn::bench
