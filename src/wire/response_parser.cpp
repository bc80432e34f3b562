#include "wire/response_parser.hpp"

#include <boost/beast/http/error.hpp>

#include <cstring>

namespace cairn::wire {

namespace http = boost::beast::http;

response_parser::response_parser(const head_limits& limits, bool no_body)
    : max_fields_(limits.max_fields) {
    header_limit(static_cast<std::uint32_t>(limits.max_bytes));
    body_limit(boost::none);
    skip(no_body);
}

std::size_t response_parser::take(boost::asio::const_buffer input, error_code& ec) {
    // Beast 1.81 asserts that it has all of "0 CR LF CR LF" once it has seen the "0 CR LF".
    constexpr std::size_t shortest_last_chunk = 5;
    if (head_done_ && stalled_ && input.size() < shortest_last_chunk) {
        ec = http::error::need_more;
        return 0;
    }
    const auto used = basic_parser::put(input, ec);
    stalled_ = ec == http::error::need_more && used < input.size();
    return used;
}

void response_parser::on_response_impl(int code, string_view, int, error_code& ec) {
    ec = {};
    head_.status = static_cast<unsigned>(code);
}

// Called for trailers too; they count, but nothing here reads them.
void response_parser::on_field_impl(http::field, string_view name, string_view value,
                                    error_code& ec) {
    ec = {};
    if (++field_count_ > max_fields_)
        ec = http::error::header_limit;
    else if (!head_done_)
        head_.headers.add({name.data(), name.size()}, {value.data(), value.size()});
}

void response_parser::on_header_impl(error_code& ec) {
    ec = {};
    head_done_ = true;
}

void response_parser::on_body_init_impl(const boost::optional<std::uint64_t>&, error_code& ec) {
    ec = {};
}

std::size_t response_parser::on_body_impl(string_view body, error_code& ec) {
    ec = {};
    const auto n = std::min(body.size(), into_.size() - decoded_);
    std::memcpy(into_.data() + decoded_, body.data(), n);
    decoded_ += n;
    return n;
}

void response_parser::on_chunk_header_impl(std::uint64_t, string_view, error_code& ec) {
    ec = {};
}

std::size_t response_parser::on_chunk_body_impl(std::uint64_t, string_view body, error_code& ec) {
    return on_body_impl(body, ec);
}

void response_parser::on_finish_impl(error_code& ec) {
    ec = {};
}

}  // namespace cairn::wire
