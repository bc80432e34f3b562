#pragma once

#include <cairn/resilience/adaptive_rate.hpp>
#include <cairn/resilience/circuit_breaker.hpp>
#include <cairn/resilience/concurrency_limit.hpp>
#include <cairn/resilience/hedge.hpp>
#include <cairn/resilience/rate_limit.hpp>
#include <cairn/resilience/retry_policy.hpp>

#include <optional>

namespace cairn::s3 {

/// Which of a client's calls share a circuit breaker of its own: a failure of one of them says
/// something of the others.
enum class breaker_scope {
    endpoint,         ///< All that go to one endpoint.
    bucket,           ///< Those to one bucket.
    operation_class,  ///< Those that read objects, those that write, and the others, which list.
};

/// What guards a client's calls, outermost first: total deadline, concurrency limit, rate limit,
/// retries, circuit breaker, adaptive rate, attempt timeout, hedge. By default retries and a
/// breaker of the client's own. Without a quota in `retry`, each bucket has its own.
///
/// Zero and nothing turn a guard off. An unknown effect is tried again if the operation is one that
/// can be: not a conditional write, and not the creation or deletion of a bucket, whatever
/// `retry->idempotent` says. Options (`retry`, `breaker`, `hedge`) whose clock or randomness is
/// null take the client's. Those that are handles (`concurrency_limit`, `rate_limit`,
/// `shared_breaker`, `adaptive_rate`) keep those that they were made with: by default the system's.
struct resilience {
    resilience();
    /// Each call is one attempt, and takes as long as it takes.
    static resilience none();

    /// On all of a call, but not on the reading of a reply's body.
    cairn::clock::duration total_deadline{};
    std::optional<cairn::concurrency_limit> concurrency_limit;
    std::optional<cairn::rate_limit> rate_limit;
    std::optional<retry_policy> retry = retry_policy();
    /// For a breaker of the client's own.
    std::optional<circuit_breaker_options> breaker = circuit_breaker_options();
    s3::breaker_scope breaker_scope = s3::breaker_scope::endpoint;
    /// One that others share, in place of its own.
    std::optional<circuit_breaker> shared_breaker;
    /// How long a call may wait in all for its breaker, to let it through when it closes; zero: it
    /// is turned away. For work that nobody waits for, such as backups.
    cairn::clock::duration breaker_wait{};
    /// Before each attempt: with `retry`, AWS's adaptive retry mode. Off by default.
    std::optional<cairn::adaptive_rate> adaptive_rate;
    cairn::clock::duration attempt_timeout{};
    /// Of an attempt whose reply is late, a second request beside the first: operations that are a
    /// GET or a HEAD only. The first good reply's head decides, and the body is read from the
    /// connection that it came on. Off by default.
    std::optional<hedge_options> hedge;
};

}  // namespace cairn::s3
