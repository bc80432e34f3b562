#include "wire/exchange.hpp"

#include "core/race.hpp"
#include "core/saturated.hpp"
#include "core/seconds.hpp"
#include "core/strand.hpp"
#include "wire/body_length.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/beast/http/error.hpp>

namespace cairn::wire {
namespace {

namespace http = boost::beast::http;

// One read of a small object's whole reply; a head that needs more grows the buffer to its limit.
constexpr std::size_t read_ahead_bytes = 16 * 1024;
constexpr unsigned max_interim_replies = 16;
// A body of so few bytes goes out before the reply is listened to: the kernel takes it, even from a
// peer that has stopped reading.
constexpr std::size_t max_unheard_bytes = 64 * 1024;

void serialize(const request_head& head, std::string& out) {
    out.clear();
    out.append(head.method).append(" ").append(head.target).append(" HTTP/1.1\r\n");
    for (const auto [name, value] : head.headers)
        out.append(name).append(": ").append(value).append("\r\n");
    out.append("\r\n");
}

std::string excerpt(std::string_view text) {
    std::string shown;
    for (const char c : text.substr(0, 40)) shown += c >= 0x20 && c < 0x7f ? c : '.';
    return shown;
}

error parse_error(error_code why, const head_limits& limits) {
    if (why == http::error::header_limit || why == http::error::buffer_overflow)
        return error(errc::limit_exceeded, "the reply's head has more than " +
                                               std::to_string(limits.max_bytes) + " bytes or " +
                                               std::to_string(limits.max_fields) + " fields");
    error e(errc::protocol_error, "the reply breaks HTTP/1.1");
    e.cause(why);
    return e;
}

}  // namespace

// A set alarm keeps io_context::run from returning, so none stays set between two waits.
class exchange::waiting {
  public:
    explicit waiting(watch& on) : on_(on) { on_.resume(); }
    waiting(watch& on, const asio::any_io_executor& ring_on, const time_limits& limits) : on_(on) {
        on_.begin(ring_on, limits, watch::stage::sending);
    }
    waiting(const waiting&) = delete;
    waiting& operator=(const waiting&) = delete;
    ~waiting() { on_.end(); }

  private:
    watch& on_;
};

exchange::exchange(connection& on, clock& time, const head_limits& limits, const time_limits& times)
    : connection_(on), clock_(time), limits_(limits), times_(times) {}

awaitable<result<response_head>> exchange::run(outgoing request) {
    no_reply_body_ = request.head->method == "HEAD";
    serialize(*request.head, connection_.out);

    asio::const_buffer first;
    if (request.body && request.continue_wait == clock::duration::zero()) {
        const auto piece = co_await request.body->next();
        if (!piece) co_return piece.error();
        first = *piece;
    }
    const auto executor = co_await asio::this_coro::executor;
    const waiting for_peer(*connection_.watch, executor, times_);
    const bool whole = !request.body ||
                       (request.continue_wait == clock::duration::zero() &&
                        first.size() == request.body->size() && first.size() <= max_unheard_bytes);
    if (!whole) co_return co_await run_with_body(request, first);

    const auto sent = co_await send(asio::buffer(connection_.out), first, request.body);
    if (!sent) co_return sent.error();
    const auto replied = co_await read_head(heads::final);
    if (!replied) co_return replied.error();
    co_return std::move(parser_->head());
}

// The body and the reply go at the same time: a peer that refuses early may stop reading.
awaitable<result<response_head>> exchange::run_with_body(outgoing request,
                                                         asio::const_buffer first) {
    asio::const_buffer head = asio::buffer(connection_.out);
    if (request.continue_wait != clock::duration::zero()) {
        const auto failed = co_await write_all({head, {}});
        if (failed) co_return lost(failed);
        const auto go = co_await await_continue(request.continue_wait);
        if (!go) co_return go.error();
        if (!*go) co_return std::move(parser_->head());
        head = {};
    }
    const auto strand = on_a_strand(co_await asio::this_coro::executor);
    const auto failed = [](const result<void>& sent) { return sent.has_error(); };
    const auto ends =
        co_await race(strand, read_head(heads::final), send(head, first, request.body), failed);
    const auto& [replied, sent] = ends;
    if (!replied) co_return sent->error();
    if (!*replied) co_return replied->error();
    co_return std::move(parser_->head());
}

// True: send the body. False: a final reply has come instead.
awaitable<result<bool>> exchange::await_continue(clock::duration wait) {
    const auto strand = on_a_strand(co_await asio::this_coro::executor);
    connection_.watch->pause();
    const auto ends = co_await race(strand, read_head(heads::next),
                                    clock_.sleep_until(later(clock_.now(), wait)));
    connection_.watch->resume();
    const auto& [reply, expired] = ends;
    // It may have come as the wait ran out, and is no end of the race then.
    if (!reply) co_return !replied_;
    if (!*reply) co_return reply->error();
    co_return !replied_;
}

// Fails when the body can't be had. When the stream takes no more, that is the end of sending only:
// the peer may have refused and closed, and its reply, or the lack of one, says more than the
// broken pipe.
awaitable<result<void>> exchange::send(asio::const_buffer head, asio::const_buffer first,
                                       body_source* body) {
    auto& watch = *connection_.watch;
    std::uint64_t sent = first.size();
    for (asio::const_buffer piece = first;;) {
        if (body && sent > body->size()) {
            broken_ = true;
            co_return body_length_error(body->size(), sent, "longer");
        }
        const auto failed = co_await write_all({head, piece});
        if (failed) {
            broken_ = true;
            watch.enter(watch::stage::first_byte);
            co_return result<void>();
        }
        head = {};
        // The peer has all that was declared, and may act on it whatever else the body has.
        fully_sent_ = !body || sent == body->size();
        if (!body) break;
        watch.pause();
        auto next = co_await body->next();
        watch.resume();
        if (!next) {
            broken_ = true;
            co_return next.error();
        }
        piece = *next;
        if (piece.size() == 0) break;
        sent += piece.size();
    }
    if (body && sent < body->size()) {
        broken_ = true;
        co_return body_length_error(body->size(), sent, "shorter");
    }
    watch.enter(watch::stage::first_byte);
    co_return result<void>();
}

awaitable<error_code> exchange::write_all(std::array<asio::const_buffer, 2> pending) const {
    while (pending[0].size() + pending[1].size() > 0) {
        const auto moved = co_await connection_.stream->write_some(pending);
        if (std::get<0>(moved)) co_return std::get<0>(moved);
        auto n = std::get<1>(moved);
        connection_.watch->sent(n);
        for (auto& buffer : pending) {
            const auto taken = std::min(n, buffer.size());
            buffer += taken;
            n -= taken;
        }
    }
    co_return error_code{};
}

// Reads more bytes into the buffer; the error when there are none.
awaitable<error_code> exchange::fill() {
    auto& in = connection_.in;
    const bool full = in.data().size() == in.capacity() && in.capacity() > 0;
    const auto room = in.prepare(full ? limits_.max_bytes : read_ahead_bytes);
    if (room.size() == 0) co_return make_error_code(errc::limit_exceeded);
    const auto moved = co_await connection_.stream->read_some(room);
    in.commit(std::get<1>(moved));
    connection_.watch->received(std::get<1>(moved));
    if (std::get<1>(moved) > 0) reply_started_ = true;
    co_return std::get<0>(moved);
}

// Reads replies' heads until the final one's, or only until the next one's; `replied_` tells
// whether that was the final one.
awaitable<result<void>> exchange::read_head(heads wanted) {
    for (unsigned interim = 0; interim <= max_interim_replies; ++interim) {
        // A wait for `100 Continue` may have left a head half read.
        if (!parser_ || parser_->is_header_done()) parser_.emplace(limits_, no_reply_body_);
        for (;;) {
            const auto parsed = parse_head();
            if (!parsed) {
                broken_ = true;
                co_return parsed.error();
            }
            if (*parsed) break;
            const auto failed = co_await fill();
            if (failed) {
                // Who stopped waiting for `100 Continue` goes on with what has come so far.
                broken_ = failed != asio::error::operation_aborted;
                if (failed == errc::limit_exceeded)
                    co_return parse_error(http::error::header_limit, limits_);
                co_return lost(failed);
            }
        }
        const auto status = parser_->head().status;
        if (status == 101)
            co_return error(errc::protocol_error, "the peer switched protocols unasked");
        if (status >= 200) set_framing();
        if (replied_ || wanted == heads::next) co_return result<void>();
    }
    co_return error(errc::protocol_error, "too many interim replies");
}

// What is no HTTP at all would otherwise be waited on until its peer hangs up.
result<void> exchange::check_start() const {
    const auto data = connection_.in.data();
    constexpr std::string_view start = "HTTP/1.";
    const auto n = std::min(data.size(), start.size());
    const auto line_end = data.find('\n');
    if (data == "\r") return {};
    if (data.substr(0, n) != start.substr(0, n))
        return error(errc::not_s3,
                     "the peer does not speak HTTP/1.1: it sent \"" + excerpt(data) + "\"");
    if (line_end != data.npos && data[line_end - 1] != '\r')
        return error(errc::protocol_error, "the status line does not end with CR LF");
    return {};
}

// Some servers end a body with a line break that its length leaves out.
void exchange::skip_blank_lines() {
    auto& in = connection_.in;
    for (unsigned lines = 0; lines < 2 && in.data().starts_with("\r\n"); ++lines) in.consume(2);
}

result<bool> exchange::parse_head() {
    auto& in = connection_.in;
    if (!parser_->got_some()) {
        skip_blank_lines();
        if (in.empty()) return false;
        const auto http = check_start();
        if (!http) return http.error();
    }
    if (in.empty()) return false;
    error_code ec;
    in.consume(parser_->take(asio::buffer(in.data()), ec));
    if (ec == http::error::need_more) return false;
    if (ec) return parse_error(ec, limits_);
    return parser_->is_header_done();
}

void exchange::set_framing() {
    replied_ = true;
    keep_alive_ = parser_->keep_alive();
    parser_->head().keep_alive = keep_alive_;
    if (parser_->is_done()) {
        framing_ = framing::none;
    } else if (parser_->chunked()) {
        framing_ = framing::chunked;
    } else if (const auto length = parser_->content_length()) {
        remaining_ = *length;
        framing_ = remaining_ > 0 ? framing::length : framing::none;
    } else {
        framing_ = framing::until_eof;
    }
}

std::optional<std::uint64_t> exchange::remaining() const noexcept {
    if (framing_ == framing::none) return 0;
    if (framing_ == framing::length) return remaining_;
    return std::nullopt;
}

bool exchange::reusable() const noexcept {
    return complete() && keep_alive_ && fully_sent_ && !broken_ && connection_.in.empty();
}

awaitable<result<std::size_t>> exchange::read_some(asio::mutable_buffer into) {
    if (into.size() > 0) switch (framing_) {
            case framing::none:
                break;
            case framing::length:
                return read_length(into);
            case framing::chunked:
                return read_chunked(into);
            case framing::until_eof:
                return read_until_eof(into);
        }
    return [](std::size_t none) -> awaitable<result<std::size_t>> { co_return none; }(0);
}

awaitable<result<std::size_t>> exchange::read_length(asio::mutable_buffer into) {
    into = asio::buffer(into,
                        static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), remaining_)));
    auto& in = connection_.in;
    if (!in.empty()) {
        const auto n = asio::buffer_copy(into, asio::buffer(in.data()));
        in.consume(n);
        co_return took(n);
    }
    const waiting for_peer(*connection_.watch);
    const auto moved = co_await connection_.stream->read_some(into);
    connection_.watch->received(std::get<1>(moved));
    if (std::get<0>(moved)) co_return lost(std::get<0>(moved));
    co_return took(std::get<1>(moved));
}

result<std::size_t> exchange::took(std::size_t n) {
    received_ += n;
    remaining_ -= n;
    if (remaining_ == 0) framing_ = framing::none;
    return n;
}

awaitable<result<std::size_t>> exchange::read_chunked(asio::mutable_buffer into) {
    auto& in = connection_.in;
    parser_->decode_into({static_cast<char*>(into.data()), into.size()});
    while (parser_->decoded() == 0 && !parser_->is_done()) {
        error_code ec = http::error::need_more;
        if (!in.empty()) in.consume(parser_->take(asio::buffer(in.data()), ec));
        if (ec == http::error::need_more) {
            const waiting for_peer(*connection_.watch);
            const auto failed = co_await fill();
            if (failed == errc::limit_exceeded)
                co_return parse_error(http::error::header_limit, limits_);
            if (failed) co_return lost(failed);
        } else if (ec) {
            broken_ = true;
            co_return parse_error(ec, limits_);
        }
    }
    received_ += parser_->decoded();
    if (parser_->is_done()) framing_ = framing::none;
    co_return parser_->decoded();
}

awaitable<result<std::size_t>> exchange::read_until_eof(asio::mutable_buffer into) {
    auto& in = connection_.in;
    std::size_t n = 0;
    if (!in.empty()) {
        n = asio::buffer_copy(into, asio::buffer(in.data()));
        in.consume(n);
    } else {
        const waiting for_peer(*connection_.watch);
        const auto moved = co_await connection_.stream->read_some(into);
        n = std::get<1>(moved);
        connection_.watch->received(n);
        if (std::get<0>(moved) == asio::error::eof && !connection_.watch->expired())
            framing_ = framing::none;
        else if (std::get<0>(moved))
            co_return lost(std::get<0>(moved));
    }
    received_ += n;
    co_return n;
}

std::string exchange::progress() const {
    if (!fully_sent_ && !replied_) return "while the request was being sent";
    if (!reply_started_) return "before a reply came";
    if (!replied_) return "inside the reply's head";
    if (framing_ == framing::length)
        return "after " + std::to_string(received_) + " of " +
               std::to_string(received_ + remaining_) + " bytes of the reply's body";
    return "after " + std::to_string(received_) + " bytes of the reply's body, before its end";
}

error exchange::lost(error_code cause) const {
    if (const auto passed = connection_.watch->expired()) return timed_out(*passed);
    if (cause == asio::error::operation_aborted) return error(errc::canceled);
    error e(errc::connection_lost, "the connection ended " + progress());
    if (cause != asio::error::eof) e.cause(cause);
    return e;
}

error exchange::timed_out(const watch::expiry& passed) const {
    const auto seen =
        passed.moved == 0 ? "no byte" : "only " + std::to_string(passed.moved) + " bytes";
    return error(errc::timed_out, seen + " for " + in_seconds(passed.limit) + ", " + progress() +
                                      " (time limit: " + passed.name + ")");
}

}  // namespace cairn::wire
