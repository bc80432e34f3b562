#include "testing/s3_connection.hpp"

#include <cairn/core/ascii.hpp>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>

#include <array>
#include <charconv>

namespace cairn::testing::simulated {
namespace {

namespace http = boost::beast::http;

using head_parser = http::request_parser<http::empty_body>;

// More than S3 takes, so that what is too much for S3 can be answered.
constexpr std::uint32_t longest_head = 64 * 1024;

std::string_view text_of(boost::beast::string_view v) {
    return {v.data(), v.size()};
}

wire::request_head head_of(const head_parser& parser) {
    wire::request_head head;
    head.method = text_of(parser.get().method_string());
    head.target = text_of(parser.get().target());
    for (const auto& field : parser.get())
        head.headers.add(text_of(field.name_string()), text_of(field.value()));
    return head;
}

std::string_view reason_of(unsigned status) {
    return text_of(http::obsolete_reason(http::int_to_status(status)));
}

bool has_body(unsigned status) {
    return status != 204 && status != 304;
}

std::string start_of(const reply& r, bool keep) {
    std::string text = "HTTP/1.1 " + std::to_string(r.status) + ' ';
    text.append(reason_of(r.status)).append("\r\n");
    for (const auto field : r.headers)
        text.append(field.name).append(": ").append(field.value).append("\r\n");
    if (has_body(r.status)) text += "Content-Length: " + std::to_string(r.body.size()) + "\r\n";
    if (!keep) text += "Connection: close\r\n";
    return text += "\r\n";
}

}  // namespace

awaitable<bool> connection::fill() {
    constexpr std::size_t piece = 64 * 1024;
    const auto size = in_.size();
    in_.resize(size + piece);
    const auto moved = co_await stream_->read_some(asio::buffer(in_.data() + size, piece));
    in_.resize(size + std::get<1>(moved));
    co_return !std::get<0>(moved);
}

awaitable<connection::came> connection::read_head() {
    for (;;) {
        head_parser parser;
        parser.header_limit(longest_head);
        parser.body_limit(boost::none);
        boost::beast::error_code failed;
        const auto used = parser.put(asio::buffer(in_), failed);
        if (parser.is_header_done()) {
            head_ = head_of(parser);
            in_.erase(0, used);
            co_return came::request;
        }
        if (failed && failed != http::error::need_more) co_return came::garbage;
        const bool more = co_await fill();
        if (!more) co_return in_.empty() ? came::end : came::garbage;
    }
}

bool connection::expects_continue() const {
    return ascii::iequals(head_.headers["Expect"], "100-continue");
}

awaitable<bool> connection::send_continue() {
    const bool sent = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
    co_return sent;
}

awaitable<std::optional<bytes>> connection::read_body() {
    if (ascii::iequals(head_.headers["Transfer-Encoding"], "chunked"))
        co_return co_await read_chunks();
    co_return co_await read_exactly(parse_u64(head_.headers["Content-Length"]).value_or(0));
}

awaitable<std::optional<bytes>> connection::read_exactly(std::uint64_t size) {
    while (in_.size() < size) {
        const bool more = co_await fill();
        if (!more) co_return std::nullopt;
    }
    auto body = in_.substr(0, size);
    in_.erase(0, size);
    co_return body;
}

awaitable<std::optional<std::string>> connection::read_line() {
    for (;;) {
        const auto end = in_.find("\r\n");
        if (end != in_.npos) {
            auto line = in_.substr(0, end);
            in_.erase(0, end + 2);
            co_return line;
        }
        const bool more = co_await fill();
        if (!more) co_return std::nullopt;
    }
}

awaitable<std::optional<bytes>> connection::read_chunks() {
    bytes body;
    for (;;) {
        const auto line = co_await read_line();
        if (!line) co_return std::nullopt;
        std::uint64_t size = 0;
        const auto parsed = std::from_chars(line->data(), line->data() + line->size(), size, 16);
        if (parsed.ec != std::errc()) co_return std::nullopt;
        if (size == 0) break;
        const auto chunk = co_await read_exactly(size);
        if (!chunk) co_return std::nullopt;
        body += *chunk;
        const auto end = co_await read_line();
        if (!end || !end->empty()) co_return std::nullopt;
    }
    for (;;) {
        const auto trailer = co_await read_line();
        if (!trailer) co_return std::nullopt;
        if (trailer->empty()) co_return body;
    }
}

bool connection::peer_keeps() const {
    return !ascii::iequals(head_.headers["Connection"], "close");
}

awaitable<bool> connection::send(reply r, bool keep, std::size_t most) {
    keep = keep && peer_keeps();
    const auto start = start_of(r, keep);
    const bool started = co_await write(start);
    if (!started) co_return false;
    const bool silent = head_.method == "HEAD" || !has_body(r.status);
    const auto body = std::string_view(r.body).substr(0, silent ? 0 : most);
    const bool sent = co_await write(body);
    co_return sent&& keep && (silent || body.size() == r.body.size());
}

awaitable<bool> connection::write(std::string_view data) {
    while (!data.empty()) {
        const std::array<asio::const_buffer, 1> piece{asio::buffer(data)};
        const auto moved = co_await stream_->write_some(piece);
        if (std::get<0>(moved)) co_return false;
        data.remove_prefix(std::get<1>(moved));
    }
    co_return true;
}

}  // namespace cairn::testing::simulated
