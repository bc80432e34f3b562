// A reply's head and chunks come to the same, whole and byte by byte, and stay within their limits.
// Of one that is broken or cut off, only that counts.
#undef NDEBUG
#include "wire/response_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <array>
#include <cassert>
#include <cstdint>
#include <string>

namespace {

using namespace cairn::wire;
constexpr auto need_more = boost::beast::http::error::need_more;

struct outcome {
    outcome() = default;
    bool complete = false;
    unsigned status = 0;
    std::string fields;
    std::string body;
    friend bool operator==(const outcome&, const outcome&) = default;
};

outcome parse(std::string_view input, std::size_t piece) {
    const head_limits limits;
    response_parser parser(limits, false);
    outcome out;
    std::array<char, 7> room{};
    std::size_t arrived = 0;
    // Only chunks go through the parser; other bodies bypass it.
    while (!parser.is_done() && (!parser.is_header_done() || parser.chunked())) {
        cairn::error_code ec = need_more;
        if (arrived > 0) {
            parser.decode_into(room);
            const auto used = parser.take(boost::asio::buffer(input.data(), arrived), ec);
            assert(used <= arrived && parser.decoded() <= room.size());
            out.body.append(room.data(), parser.decoded());
            input.remove_prefix(used);
            arrived -= used;
        }
        if (ec && (ec != need_more || arrived == input.size())) return {};
        if (ec) arrived = std::min(input.size(), arrived + piece);
    }
    out.complete = true;
    out.status = parser.head().status;
    assert(parser.head().headers.size() <= limits.max_fields);
    for (const auto [name, value] : parser.head().headers) out.fields.append(name).append(value);
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    assert(parse(text, size) == parse(text, 1));
    return 0;
}
