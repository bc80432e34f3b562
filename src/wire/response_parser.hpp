#pragma once

#include <cairn/wire/http.hpp>
#include <cairn/wire/pool.hpp>

#include <boost/beast/http/basic_parser.hpp>

#include <span>

namespace cairn::wire {

/// Beast's HTTP/1.1 parser, filling our own head and decoding chunks into the caller's memory.
///
/// Pure: fed with bytes, does no I/O. One object parses one message.
class response_parser final : public boost::beast::http::basic_parser<false> {
  public:
    /// @param no_body the message answers a HEAD request.
    response_parser(const head_limits& limits, bool no_body);

    /// Takes bytes from the front of `input` and tells how many; `need_more` when it could take
    /// more than there are.
    std::size_t take(boost::asio::const_buffer input, boost::beast::error_code& ec);
    response_head& head() noexcept { return head_; }

    /// Where the next chunk bytes go; `take` stops when it is full.
    void decode_into(std::span<char> into) noexcept { into_ = into, decoded_ = 0; }
    std::size_t decoded() const noexcept { return decoded_; }

  private:
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;

    void on_request_impl(boost::beast::http::verb, string_view, string_view, int,
                         error_code&) override {}
    void on_response_impl(int code, string_view reason, int version, error_code& ec) override;
    void on_field_impl(boost::beast::http::field, string_view name, string_view value,
                       error_code& ec) override;
    void on_header_impl(error_code& ec) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code& ec) override;
    std::size_t on_body_impl(string_view body, error_code& ec) override;
    void on_chunk_header_impl(std::uint64_t, string_view, error_code& ec) override;
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& ec) override;
    void on_finish_impl(error_code& ec) override;

    response_head head_;
    std::size_t max_fields_;
    std::size_t field_count_ = 0;
    std::span<char> into_;
    std::size_t decoded_ = 0;
    bool head_done_ = false;
    bool stalled_ = false;  ///< The last `put` left bytes that are too few to mean anything.
};

}  // namespace cairn::wire
