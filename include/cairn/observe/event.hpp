#pragma once

#include <cairn/core/clock.hpp>
#include <cairn/core/error.hpp>

#include <cstdint>
#include <iosfwd>
#include <string_view>
#include <variant>

/// What happens to a call on its way. Events refer to what lives while they are told only: copy
/// what is to be kept. A null `failed` means success.
namespace cairn::observe {

struct call_started {
    std::string_view operation;  ///< "GetObject s3://bucket/key".
};
struct call_ended {
    clock::duration took;
    unsigned attempts;
    const error* failed;
};

struct attempt_started {
    unsigned number;  ///< From 1.
};
struct attempt_ended {
    unsigned number;
    clock::duration took;
    const error* failed;
};
/// The next attempt comes after a pause.
struct retry_scheduled {
    clock::duration pause;
};
/// A failure that might pass is not tried again all the same.
struct retry_given_up {
    std::string_view why;
};

/// The next attempt comes at once, with what the service has told of itself.
struct call_corrected {
    std::string_view with;  ///< "the region eu-west-1", "the server's time".
};

/// Somebody turned the call away without trying it.
struct call_rejected {
    std::string_view by;
    const error* failed;
};
/// The call had to wait for its turn.
struct call_queued {
    std::string_view where;
    clock::duration took;
};
/// The call was slow, and begun once more beside itself.
struct call_hedged {
    clock::duration after;
};
struct breaker_changed {
    std::string_view name;
    std::string_view from;
    std::string_view to;
};

/// A step on the way to a new connection: "resolve", "connect", "tls_handshake".
struct connection_step {
    std::string_view step;
    std::string_view peer;
    clock::duration took;
    const error* failed;
};
/// A connection was taken from the pool, or opened.
struct connection_acquired {
    std::string_view peer;
    bool reused;
    clock::duration took;
};
/// The head of a reply has come.
struct reply_begun {
    unsigned http_status;
    clock::duration took;  ///< Since the request began to be sent.
};
/// A reply's body, read by the caller, has come to its end.
struct body_ended {
    std::uint64_t bytes;
    const error* failed;
};

/// One thing that happened: to one call, or, with `call` 0, to something that calls share or to one
/// of the calls that share it.
struct event {
    using type = std::variant<call_started, call_ended, attempt_started, attempt_ended,
                              retry_scheduled, retry_given_up, call_corrected, call_rejected,
                              call_queued, call_hedged, breaker_changed, connection_step,
                              connection_acquired, reply_begun, body_ended>;

    std::uint64_t call;
    clock::time_point at;
    type what;
};

/// One line, for people: "call 7: attempt 1 ended after 31.007 ms, failed: connection lost: ...".
std::ostream& operator<<(std::ostream& out, const event& e);

}  // namespace cairn::observe
