#pragma once

#include <cairn/core/clock.hpp>

#include <cstddef>
#include <cstdint>

namespace cairn::testing {

/// Chances, from 0 (never) to 1 (always), of what goes wrong at one end of a connection.
struct fault_chances {
    fault_chances();

    /// Of a name to be looked up, on machines: no answer.
    double resolve_failed = 0;

    // Of a connection to be made; machine and host both try their luck.
    double refused = 0;
    double unanswered = 0;  ///< Nothing comes back, ever.
    double tls_failed = 0;  ///< For one of `tls_fault`'s reasons, where TLS is wanted.

    // Of a connection, too, somewhere in the first `within_bytes` of either direction.
    double reset = 0;
    double vanished = 0;  ///< The host is gone without a word: what is sent to it gets lost.
    std::uint64_t within_bytes = 64 * 1024;

    // Of a reply, on hosts: what one sends after it has received something.
    double reply_lost = 0;  ///< The host has acted, and resets the connection instead of replying.
    double reply_delayed = 0;
    clock::duration reply_delay = std::chrono::seconds(1);
    double reply_repeated = 0;

    /// Of a call that reads or writes: it moves fewer bytes than it could.
    double partial = 0;
};

/// How a machine or a host is joined to the network. A connection has the latencies of both its
/// ends one after the other, the narrower of their bandwidths and windows, and the faults of both.
///
/// What is changed counts for connections made from then on.
struct link_options {
    link_options();

    clock::duration latency_out{};  ///< What leaves is so long on its way, beside the other end's.
    clock::duration latency_in{};   ///< And what arrives.
    clock::duration jitter{};       ///< Up to so much more, drawn for each piece that leaves.
    /// Of each connection, each way; zero: any number takes no time.
    std::uint64_t out_bytes_per_second = 0;
    std::uint64_t in_bytes_per_second = 0;
    /// The most that one call reads or writes; small values split everything.
    std::size_t max_transfer_bytes = 64 * 1024;
    /// What a connection holds in one direction, on its way and unread, before writing waits.
    std::size_t window_bytes = 256 * 1024;

    fault_chances faults;
};

}  // namespace cairn::testing
