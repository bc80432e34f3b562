#pragma once

/// Combinators that wrap any awaitable: retries, circuit breakers, time limits and limits of load.
#include <cairn/resilience/adaptive_rate.hpp>
#include <cairn/resilience/attempt_trace.hpp>
#include <cairn/resilience/circuit_breaker.hpp>
#include <cairn/resilience/combinator.hpp>
#include <cairn/resilience/concurrency_limit.hpp>
#include <cairn/resilience/hedge.hpp>
#include <cairn/resilience/rate_limit.hpp>
#include <cairn/resilience/retry.hpp>
#include <cairn/resilience/timeout.hpp>
