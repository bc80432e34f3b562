#pragma once

#include <chrono>
#include <cstddef>

namespace cairn::wire {

/// Bounds of a connection pool.
struct pool_options {
    pool_options() = default;
    /// Open connections a host, busy or idle; at least 1. Callers beyond it wait in order.
    std::size_t max_connections_per_host = 64;
    /// An idle connection older than this is closed rather than used: S3 closes them after about 20
    /// s.
    std::chrono::nanoseconds idle_expiry = std::chrono::seconds(15);
    /// No connection is used longer than this, so that traffic follows DNS.
    std::chrono::nanoseconds max_age = std::chrono::minutes(10);
    /// How long a resolved address is used before the name is asked again.
    std::chrono::nanoseconds resolve_expiry = std::chrono::seconds(30);
};

/// Bounds of what a peer may send in one reply's head.
struct head_limits {
    head_limits() = default;
    std::size_t max_bytes = 64 * 1024;
    std::size_t max_fields = 256;
};

}  // namespace cairn::wire
