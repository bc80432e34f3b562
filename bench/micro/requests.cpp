#include "s3/encode.hpp"

#include <cairn/s3/operations.hpp>
#include <cairn/wire/http.hpp>
#include <cairn/wire/signing.hpp>

#include <benchmark/benchmark.h>

#include <string>

namespace {

namespace s3 = cairn::s3;
namespace wire = cairn::wire;

s3::site local_site() {
    s3::client_config config;
    config.endpoint = "http://127.0.0.1:9000";
    config.addressing = s3::addressing::path;
    return s3::site::create(config).value();
}

void encode_get_object(benchmark::State& state) {
    const s3::site where = local_site();
    s3::get_object request("photos", "2026/january/cat.jpg");
    request.range = "bytes=0-8388607";
    for (auto _ : state) {
        benchmark::DoNotOptimize(s3::encode(s3::table_of<s3::get_object>(), &request, where));
    }
}
BENCHMARK(encode_get_object);

void sign_get_object(benchmark::State& state) {
    const wire::signer signer("us-east-1", "s3");
    const wire::signing_credentials keys{"AKIAIOSFODNN7EXAMPLE",
                                         "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};
    const auto now = std::chrono::system_clock::now();
    wire::request_head request{
        .method = "GET", .target = "/photos/2026/january/cat.jpg", .headers = {}};
    request.headers.add("Host", "127.0.0.1:9000");
    request.headers.add("Range", "bytes=0-8388607");
    request.headers.add("x-amz-content-sha256", wire::unsigned_payload);
    for (auto _ : state) {
        signer.sign(request, wire::unsigned_payload, keys, now);
        benchmark::DoNotOptimize(request);
    }
}
BENCHMARK(sign_get_object);

void hash_4_kib(benchmark::State& state) {
    const std::string body(4096, 'x');
    for (auto _ : state) benchmark::DoNotOptimize(wire::sha256_hex(body));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * body.size()));
}
BENCHMARK(hash_4_kib);

void percent_encode_key(benchmark::State& state) {
    const std::string key = "2026/january/Zürich – cat & dog.jpg";
    for (auto _ : state) benchmark::DoNotOptimize(wire::percent_encode(key, true));
}
BENCHMARK(percent_encode_key);

}  // namespace
