#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <iosfwd>
#include <string>

namespace cairn {

using boost::system::error_code;

/// Why a call failed. Codes of the system (`connection_refused`, ...) keep their own category and
/// appear in `error::cause()` beside the cairn code that says what it means for the caller.
enum class errc {
    // Found before anything was sent.
    invalid_argument =
        1,  ///< A value breaks a rule of S3, HTTP or cairn; `error::detail()` names it.
    invalid_configuration,  ///< A configuration file, variable or endpoint can't be used.
    missing_credentials,    ///< No provider had credentials.
    body_failed,  ///< The caller's body could not be read, had another length than declared, or a
                  ///< file for a reply's body could not be written.

    // The network.
    resolve_failed,   ///< The host name could not be resolved.
    connect_failed,   ///< No address accepted a connection.
    tls_failed,       ///< The TLS handshake failed, certificate checks included.
    connection_lost,  ///< The connection ended before the reply did.
    protocol_error,   ///< The peer's bytes are not HTTP/1.1 as RFC 9112 has it.
    limit_exceeded,   ///< A reply, head or document is larger than its limit.
    canceled,         ///< The caller canceled the operation.

    // Resilience.
    timed_out,             ///< A time limit has passed, the caller's own or one of the client's by
                           ///< stage; `detail()` names it.
    circuit_open,          ///< A circuit breaker turned the call away: nothing was tried.
    concurrency_limited,   ///< A concurrency limit's queue is full: nothing was tried.
    rate_limited,          ///< A rate limit has no room soon enough: nothing was tried.
    unexpected_exception,  ///< A wrapped awaitable threw what is no `system_error`.

    // The server's answer.
    not_modified,           ///< 304: a conditional read found nothing new.
    bad_request,            ///< Another 4xx.
    access_denied,          ///< 401, 403: wrong or missing permissions, signature or clock.
    not_found,              ///< 404, NoSuchKey, NoSuchBucket, ...
    conflict,               ///< 409: the state it is in forbids it (a bucket that is not empty), or
                            ///< another request is changing it. `s3_code` tells which.
    precondition_failed,    ///< 412: an `If-...` condition did not hold.
    range_not_satisfiable,  ///< 416.
    throttled,              ///< SlowDown and its kin: send less.
    redirected,             ///< 301, 307, 308: another region or endpoint owns the bucket.
    service_failed,         ///< Another 5xx, or an error inside a 200.
    not_s3,                 ///< The reply is not S3's: HTML from a proxy, another protocol, ...
    malformed_reply,        ///< The reply is meant to be S3's but can't be read.
    checksum_mismatch,      ///< What came, or what S3 says to have stored, isn't what was sent.

    // Content.
    corrupt_stream,  ///< Compressed bytes are damaged, cut short, or followed by others.

    // Checkpoints.
    checkpoint_conflict,   ///< Another writer has committed this sequence; nothing was stored.
    commit_state_unknown,  ///< The commit was sent and its outcome could not be learned.
    checkpoint_not_found,  ///< No checkpoint has this id, or the thread has none.
    thread_deleted,        ///< The thread has been deleted.
    checkpoint_corrupt,    ///< A record or a blob doesn't match its digest or its format.
    record_version,        ///< A record was written by a newer version of cairn.
    conditional_writes_unsupported,  ///< The store ignores conditional writes, so commits could
                                     ///< fork.
};

const boost::system::error_category& cairn_category() noexcept;
error_code make_error_code(errc code) noexcept;

/// What a failed call has done to what is stored.
enum class effect {
    none,         ///< The call only reads.
    not_applied,  ///< It would have changed something, and has changed nothing.
    applied,      ///< The change has been made all the same.
    unknown,      ///< It may or may not have been made: read it back before trusting either.
};

/// A failed call: what failed, why, what is known of its effect, and what to do.
///
/// A value type as small as a pointer, since every `result` has room for one; copies share their
/// facts until one of them is changed. Each fact has a getter and a setter of one name; a text
/// that is not known is empty. Thread-safe like `std::string`.
class error {
  public:
    error() noexcept = default;
    /// @param code   the reason.
    /// @param detail what was seen, in words that name the thing ("key is empty").
    explicit error(error_code code, std::string detail = {});
    explicit error(errc code, std::string detail = {});

    /// The reason, and the only fact that is always set.
    error_code code() const noexcept { return facts().code; }
    /// The system's or a library's own code, if one is behind `code`.
    error_code cause() const noexcept { return facts().cause; }
    /// What failed: "PutObject s3://photos/cat.jpg".
    const std::string& operation() const noexcept { return facts().operation; }
    /// What was seen.
    const std::string& detail() const noexcept { return facts().detail; }
    /// What to do about it.
    const std::string& hint() const noexcept { return facts().hint; }
    /// S3's `<Code>`, e.g. "NoSuchBucket".
    const std::string& s3_code() const noexcept { return facts().s3_code; }
    /// S3's `<Message>`.
    const std::string& s3_message() const noexcept { return facts().s3_message; }
    /// `x-amz-request-id`.
    const std::string& request_id() const noexcept { return facts().request_id; }
    /// `x-amz-id-2`.
    const std::string& host_id() const noexcept { return facts().host_id; }
    /// 0 when no reply came.
    unsigned http_status() const noexcept { return facts().http_status; }
    /// Attempts made on the network.
    unsigned attempts() const noexcept { return facts().attempts; }
    /// From the call to its failure.
    std::chrono::nanoseconds elapsed() const noexcept { return facts().elapsed; }
    cairn::effect effect() const noexcept { return facts().effect; }
    /// How long to wait before the next try, when whoever refused has said; else zero.
    std::chrono::nanoseconds retry_after() const noexcept { return facts().retry_after; }

    error& code(error_code value);
    error& cause(error_code value);
    error& operation(std::string value);
    error& detail(std::string value);
    error& hint(std::string value);
    error& s3_code(std::string value);
    error& s3_message(std::string value);
    error& request_id(std::string value);
    error& host_id(std::string value);
    error& http_status(unsigned value);
    error& attempts(unsigned value);
    error& elapsed(std::chrono::nanoseconds value);
    error& effect(cairn::effect value);
    error& retry_after(std::chrono::nanoseconds value);

    /// One line for a person: what failed, why, whether anything was stored, what to do, and the
    /// ids that a provider's support asks for. Holds no secret.
    std::string what() const;

  private:
    struct known : boost::intrusive_ref_counter<known> {
        error_code code;
        error_code cause;
        std::string operation;
        std::string detail;
        std::string hint;
        std::string s3_code;
        std::string s3_message;
        std::string request_id;
        std::string host_id;
        unsigned http_status = 0;
        unsigned attempts = 0;
        std::chrono::nanoseconds elapsed{};
        std::chrono::nanoseconds retry_after{};
        cairn::effect effect = cairn::effect::none;
    };

    static const known& nothing() noexcept;
    const known& facts() const noexcept { return known_ ? *known_ : nothing(); }
    known& own();

    boost::intrusive_ptr<known> known_;
};

std::ostream& operator<<(std::ostream& out, const error& e);

/// What `result<T>::value()` throws: a `system_error` whose `what()` is the error's line.
class error_exception : public boost::system::system_error {
  public:
    explicit error_exception(cairn::error e);
    const char* what() const noexcept override { return line_.c_str(); }
    const cairn::error& error() const noexcept { return error_; }

  private:
    cairn::error error_;
    std::string line_;
};

/// Found by `boost::system::result` when `.value()` is called on an error.
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& where);

}  // namespace cairn

template <>
struct boost::system::is_error_code_enum<cairn::errc> : std::true_type {};
