#pragma once

#include "wire/connection.hpp"
#include "wire/response_parser.hpp"

#include <cairn/core/clock.hpp>
#include <cairn/wire/body.hpp>
#include <cairn/wire/http.hpp>
#include <cairn/wire/pool.hpp>
#include <cairn/wire/time_limits.hpp>

#include <array>
#include <optional>

namespace cairn::wire {

/// What an exchange sends. Both outlive it.
struct outgoing {
    outgoing(const request_head* h, body_source* b) : head(h), body(b) {}

    const request_head* head;  ///< With its framing fields.
    body_source* body;         ///< Null: none.
    /// Send the body only after `100 Continue`, another reply, or this long without either; zero:
    /// at once.
    clock::duration continue_wait{};
};

/// One HTTP/1.1 request and its reply on a connection.
///
/// Lifetime: clock and connection outlive it; the latter only until the reply is complete.
/// Errors: `timed_out`, after which, and after a cancellation, which throws `operation_aborted`,
/// the connection can only be closed (`reusable()` says so).
class exchange {
  public:
    exchange(connection& on, clock& time, const head_limits& limits, const time_limits& times);

    /// Sends the request and reads the head of the final reply; interim replies are passed over. A
    /// reply that comes while the body is still being sent ends the sending.
    awaitable<result<response_head>> run(outgoing request);
    /// Reads at least one byte of the reply's body, 0 at its end.
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into);

    /// Bytes of the body still to come, if known.
    std::optional<std::uint64_t> remaining() const noexcept;
    /// The reply has been read to its end.
    bool complete() const noexcept { return framing_ == framing::none && replied_; }
    /// The connection can serve another exchange.
    bool reusable() const noexcept;
    /// Every byte of the request has been handed to the stream: the peer may have acted on it.
    bool fully_sent() const noexcept { return fully_sent_; }
    /// At least one byte of a reply has come.
    bool reply_started() const noexcept { return reply_started_; }

  private:
    enum class framing { none, length, chunked, until_eof };
    enum class heads { next, final };
    class waiting;

    awaitable<result<response_head>> run_with_body(outgoing request, asio::const_buffer first);
    awaitable<result<bool>> await_continue(clock::duration wait);
    awaitable<result<void>> send(asio::const_buffer head, asio::const_buffer first,
                                 body_source* body);
    awaitable<error_code> write_all(std::array<asio::const_buffer, 2> pending) const;
    awaitable<result<void>> read_head(heads wanted);
    awaitable<error_code> fill();

    void skip_blank_lines();
    result<bool> parse_head();
    result<void> check_start() const;
    void set_framing();
    awaitable<result<std::size_t>> read_length(asio::mutable_buffer into);
    awaitable<result<std::size_t>> read_chunked(asio::mutable_buffer into);
    awaitable<result<std::size_t>> read_until_eof(asio::mutable_buffer into);
    result<std::size_t> took(std::size_t n);
    std::string progress() const;
    error lost(error_code cause) const;
    error timed_out(const watch::expiry& passed) const;

    connection& connection_;
    clock& clock_;
    head_limits limits_;
    time_limits times_;
    std::optional<response_parser> parser_;
    bool no_reply_body_ = false;
    framing framing_ = framing::none;
    std::uint64_t remaining_ = 0;
    std::uint64_t received_ = 0;
    bool keep_alive_ = false;
    bool replied_ = false;
    bool reply_started_ = false;
    bool fully_sent_ = false;
    bool broken_ = false;
};

}  // namespace cairn::wire
