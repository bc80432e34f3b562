#include <cairn/core/ascii.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/testing/scripted_host.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace cairn::testing {
namespace {

std::size_t content_length(std::string_view head) {
    const auto lowered = ascii::lower(head);
    const auto at = lowered.find("\r\ncontent-length:");
    if (at == lowered.npos) return 0;
    const auto begin = at + 17;
    const auto value =
        ascii::trim(std::string_view(lowered).substr(begin, lowered.find("\r\n", begin) - begin));
    return static_cast<std::size_t>(parse_u64(value).value_or(0));
}

struct reply_list {
    std::vector<std::string> texts;
    std::size_t next = 0;
};

awaitable<void> answer_from(std::shared_ptr<reply_list> list, peer& at) {
    for (;;) {
        const auto request = co_await at.read_request();
        if (request.empty()) co_return;
        const auto i = std::min(list->next++, list->texts.size() - 1);
        co_await at.send(list->texts[i]);
    }
}

}  // namespace

awaitable<bool> peer::fill() {
    std::array<char, 4096> piece{};
    const auto moved = co_await stream_->read_some(asio::buffer(piece));
    if (std::get<0>(moved)) co_return false;
    in_.append(piece.data(), std::get<1>(moved));
    co_return true;
}

awaitable<std::string> peer::read_head() {
    for (;;) {
        const auto end = in_.find("\r\n\r\n");
        if (end != in_.npos) {
            auto head = in_.substr(0, end + 4);
            in_.erase(0, end + 4);
            co_return head;
        }
        const bool more = co_await fill();
        if (!more) co_return std::string();
    }
}

awaitable<std::string> peer::read(std::size_t n) {
    while (in_.size() < n) {
        const bool more = co_await fill();
        if (!more) break;
    }
    auto data = in_.substr(0, n);
    in_.erase(0, data.size());
    co_return data;
}

awaitable<std::string> peer::read_request() {
    auto request = co_await read_head();
    if (request.empty()) co_return request;
    request += co_await read(content_length(request));
    co_return request;
}

awaitable<void> peer::read_to_end() {
    for (;;) {
        in_.clear();
        const bool more = co_await fill();
        if (!more) co_return;
    }
}

awaitable<void> peer::send(std::string data) {
    std::string_view left = data;
    while (!left.empty()) {
        const std::array<asio::const_buffer, 1> piece{asio::buffer(left)};
        const auto moved = co_await stream_->write_some(piece);
        if (std::get<0>(moved)) co_return;
        left.remove_prefix(std::get<1>(moved));
    }
}

script replies(std::vector<std::string> texts) {
    if (texts.empty()) throw std::invalid_argument("replies needs one reply at least");
    const auto list = std::make_shared<reply_list>();
    list->texts = std::move(texts);
    return [list](peer& at, int) { return answer_from(list, at); };
}

std::string reply(int status, const std::string& body, const std::string& more_headers) {
    return "HTTP/1.1 " + std::to_string(status) +
           " Status\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more_headers +
           "\r\n" + body;
}

awaitable<void> play(script server, std::unique_ptr<wire::stream> stream, int n) {
    peer at(std::move(stream));
    co_await server(at, n);
}

serve_function scripted(script server) {
    return [server = std::move(server),
            served = std::make_shared<int>(0)](std::unique_ptr<wire::stream> stream) {
        return play(server, std::move(stream), (*served)++);
    };
}

}  // namespace cairn::testing
