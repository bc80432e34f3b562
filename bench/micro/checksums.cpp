#include "codec/crc.hpp"

#include <cairn/codec/checksum.hpp>
#include <cairn/core/bytes.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

namespace {

namespace codec = cairn::codec;

void set_bytes(benchmark::State& state, std::size_t each) {
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(each));
}

// By what every processor has, and by what this one has.
void crc(benchmark::State& state, const codec::crc& kind, codec::crc_engine engine) {
    if (!codec::has(engine)) return state.SkipWithError("this processor has no such instructions");
    const std::string data(static_cast<std::size_t>(state.range(0)), 'x');
    for (auto _ : state) benchmark::DoNotOptimize(kind.update(0, cairn::as_bytes(data), engine));
    set_bytes(state, data.size());
}
BENCHMARK_CAPTURE(crc, crc64nvme_tables, codec::crc64nvme_sum, codec::crc_engine::tables)
    ->Arg(1 << 20);
BENCHMARK_CAPTURE(crc, crc64nvme_clmul, codec::crc64nvme_sum, codec::crc_engine::clmul)
    ->Arg(1 << 20);
BENCHMARK_CAPTURE(crc, crc64nvme_clmul4, codec::crc64nvme_sum, codec::crc_engine::clmul4)
    ->Arg(64)
    ->Arg(4096)
    ->Arg(1 << 20)
    ->Arg(64 << 20);
BENCHMARK_CAPTURE(crc, crc32_clmul4, codec::crc32_sum, codec::crc_engine::clmul4)->Arg(1 << 20);
BENCHMARK_CAPTURE(crc, crc32c_clmul4, codec::crc32c_sum, codec::crc_engine::clmul4)->Arg(1 << 20);

// The machine's rate: memory that is only looked at.
void read_memory(benchmark::State& state) {
    const std::vector<std::uint64_t> words(static_cast<std::size_t>(state.range(0)) / 8, 1);
    for (auto _ : state)
        benchmark::DoNotOptimize(std::accumulate(words.begin(), words.end(), std::uint64_t{0}));
    set_bytes(state, words.size() * 8);
}
BENCHMARK(read_memory)->Arg(1 << 20)->Arg(64 << 20);

void digest(benchmark::State& state, codec::checksum_algorithm algorithm) {
    const std::string data(1 << 20, 'x');
    for (auto _ : state)
        benchmark::DoNotOptimize(codec::checksum_of(algorithm, cairn::as_bytes(data)));
    set_bytes(state, data.size());
}
BENCHMARK_CAPTURE(digest, sha1, codec::checksum_algorithm::sha1);
BENCHMARK_CAPTURE(digest, sha256, codec::checksum_algorithm::sha256);
BENCHMARK_CAPTURE(digest, sha512, codec::checksum_algorithm::sha512);
BENCHMARK_CAPTURE(digest, md5, codec::checksum_algorithm::md5);

}  // namespace
