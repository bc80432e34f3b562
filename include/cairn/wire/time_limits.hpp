#pragma once

#include <cairn/core/clock.hpp>

#include <cstddef>

namespace cairn::wire {

/// How long a peer may keep its client waiting, stage by stage. Zero or less: as long as it likes.
///
/// Time that the client itself takes, to make a request's body or to read a reply's, counts
/// nowhere, and a transfer that goes on may take any time.
struct time_limits {
    time_limits() = default;
    static time_limits none();

    /// For resolving the name, and for connecting to each of its addresses. Just above 3 s, when
    /// Linux has sent its second SYN again (tcp(7)).
    clock::duration connect = std::chrono::milliseconds(3100);
    clock::duration tls_handshake = std::chrono::seconds(10);
    /// From the end of a request to the first byte of its reply.
    clock::duration first_byte = std::chrono::seconds(30);
    /// Within this time at least `stall_bytes` move, once a request or a reply has begun.
    clock::duration stall = std::chrono::seconds(20);
    std::size_t stall_bytes = 1;
};

}  // namespace cairn::wire
