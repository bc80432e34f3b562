#include "s3/decode.hpp"
#include "wire/response_parser.hpp"

#include <cairn/s3/operations.hpp>

#include <benchmark/benchmark.h>
#include <boost/asio/buffer.hpp>

#include <string_view>

namespace {

namespace s3 = cairn::s3;
namespace wire = cairn::wire;

constexpr std::string_view reply =
    "HTTP/1.1 200 OK\r\n"
    "x-amz-id-2: MzRISOwyjmnupE3TlzEXAMPLEbUjXGl2vRzEXAMPLEiwS7zkQhEKCQ5Y0dCEXAMPLE\r\n"
    "x-amz-request-id: 0A49CE4060975EAC\r\n"
    "Date: Wed, 12 Oct 2022 17:50:00 GMT\r\n"
    "Last-Modified: Wed, 12 Oct 2022 17:49:00 GMT\r\n"
    "ETag: \"fba9dede5f27731c9771645a39863328\"\r\n"
    "Accept-Ranges: bytes\r\n"
    "Content-Type: binary/octet-stream\r\n"
    "Content-Length: 4096\r\n"
    "Server: AmazonS3\r\n"
    "\r\n";

wire::response_head parse() {
    wire::response_parser parser(wire::head_limits(), false);
    boost::system::error_code ec;
    parser.put(boost::asio::buffer(reply), ec);
    if (ec) throw boost::system::system_error(ec);
    return std::move(parser.head());
}

void parse_response_head(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(parse());
}
BENCHMARK(parse_response_head);

void decode_get_object(benchmark::State& state) {
    const wire::response_head head = parse();
    for (auto _ : state) {
        s3::get_object_output output;
        benchmark::DoNotOptimize(s3::decode(s3::table_of<s3::get_object>(), head, {}, &output));
    }
}
BENCHMARK(decode_get_object);

}  // namespace
