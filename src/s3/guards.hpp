#pragma once

#include <cairn/resilience/circuit_breaker.hpp>
#include <cairn/s3/config.hpp>

#include <memory>

namespace cairn::s3 {

/// A client's guards, ready to be used: with clocks and randomness, and the breaker made.
struct guards {
    guards(resilience wanted, const client_config& config);

    const resilience chosen;
    const std::optional<circuit_breaker> breaker;
};

}  // namespace cairn::s3
