#include "reply.hpp"

#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cairn::bench {
namespace {

std::uint64_t content_length(std::string_view head) {
    constexpr std::string_view name = "\r\nContent-Length: ";
    const std::size_t at = head.find(name);
    if (at == head.npos) throw std::runtime_error("the reply has no Content-Length");
    std::uint64_t length = 0;
    std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
    return length;
}

}  // namespace

std::span<const char> behind_head(std::span<const char> bytes, std::uint64_t expected_bytes) {
    const std::string_view text(bytes.data(), bytes.size());
    const std::size_t end = text.find("\r\n\r\n");
    // The server sends a head at once, and the first read has room for it.
    if (end == text.npos) throw std::runtime_error("the reply's head is incomplete");
    const std::string_view head = text.substr(0, end);
    if (!head.starts_with("HTTP/1.1 20") || content_length(head) != expected_bytes) {
        throw std::runtime_error("unexpected reply: " + std::string(text.substr(0, 1000)));
    }
    return bytes.subspan(end + 4);
}

bool reply::feed(std::span<const char> bytes) {
    if (!in_body_) bytes = behind_head(bytes, body_.missing());
    in_body_ = true;
    body_.feed(bytes);
    return body_.missing() == 0;
}

}  // namespace cairn::bench
