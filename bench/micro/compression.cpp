#include <cairn/codec/compression.hpp>
#include <cairn/codec/stream.hpp>

#include <benchmark/benchmark.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <random>
#include <vector>
#include <zlib.h>
#include <zstd.h>

// What the transforms add to their libraries: the same data by a library's own calls, through a
// transform, and through a body stream with a thread for the work.

namespace {

using namespace cairn::codec;
using cairn::bytes;

constexpr std::size_t data_bytes = 16 * 1024 * 1024;
constexpr std::size_t piece_bytes = 256 * 1024;

// Lines of a log, which become about a fifth.
const bytes& data() {
    static const bytes made = [] {
        std::mt19937_64 random(1);
        constexpr std::array words{"GET ", "PUT ", "/photos/", "/videos/", "cat", "dog", ".jpg "};
        bytes out;
        while (out.size() < data_bytes) {
            for (int i = 0; i < 6; ++i) out += words.at(random() % words.size());
            out += std::to_string(random() % 1'000'000) + '\n';
        }
        out.resize(data_bytes);
        return out;
    }();
    return made;
}

void tell_rate(benchmark::State& state) {
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(data().size()));
}

void zstd_1_library(benchmark::State& state) {
    auto* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    std::vector<char> out(piece_bytes);
    for (auto _ : state) {
        for (std::size_t at = 0; at < data().size(); at += piece_bytes) {
            ZSTD_inBuffer from{data().data() + at, piece_bytes, 0};
            const auto how = at + piece_bytes == data().size() ? ZSTD_e_end : ZSTD_e_continue;
            std::size_t left = 1;
            while (from.pos < from.size || (how == ZSTD_e_end && left > 0)) {
                ZSTD_outBuffer to{out.data(), out.size(), 0};
                left = ZSTD_compressStream2(context, &to, &from, how);
            }
        }
    }
    ZSTD_freeCCtx(context);
    tell_rate(state);
}
BENCHMARK(zstd_1_library)->UseRealTime();

void gzip_1_library(benchmark::State& state) {
    z_stream z{};
    deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::vector<Bytef> out(piece_bytes);
    for (auto _ : state) {
        deflateReset(&z);
        z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data().data()));
        z.avail_in = static_cast<uInt>(data().size());
        int code = Z_OK;
        while (code == Z_OK) {
            z.next_out = out.data();
            z.avail_out = static_cast<uInt>(out.size());
            code = deflate(&z, Z_FINISH);
        }
    }
    deflateEnd(&z);
    tell_rate(state);
}
BENCHMARK(gzip_1_library)->UseRealTime();

void run_through(transform& by, std::span<const std::byte> in, std::vector<std::byte>& out) {
    by.reset();
    for (;;) {
        const auto piece = in.first(std::min(piece_bytes, in.size()));
        const auto done = by.run(piece, out, piece.size() == in.size()).value();
        in = in.subspan(done.consumed);
        if (done.ended) return;
    }
}

void through_transform(benchmark::State& state, const compression& how) {
    const auto by = make_compressor(how).value();
    std::vector<std::byte> out(piece_bytes);
    for (auto _ : state) run_through(*by, cairn::as_bytes(data()), out);
    tell_rate(state);
}
BENCHMARK_CAPTURE(through_transform, zstd_1, zstd_options(1))->UseRealTime();
BENCHMARK_CAPTURE(through_transform, gzip_1, gzip_options(1))->UseRealTime();

void back_through_transform(benchmark::State& state, const compression& how) {
    const auto compressor = make_compressor(how).value();
    const auto packed = apply(*compressor, cairn::as_bytes(data()), data_bytes).value();
    const auto by = make_decompressor(encoding_of(how)).value();
    std::vector<std::byte> out(piece_bytes);
    for (auto _ : state) run_through(*by, cairn::as_bytes(packed), out);
    tell_rate(state);
}
BENCHMARK_CAPTURE(back_through_transform, zstd_1, zstd_options(1))->UseRealTime();
BENCHMARK_CAPTURE(back_through_transform, gzip_1, gzip_options(1))->UseRealTime();

void zstd_1_library_back(benchmark::State& state) {
    const auto compressor = make_compressor(zstd_options(1)).value();
    const auto packed = apply(*compressor, cairn::as_bytes(data()), data_bytes).value();
    auto* const context = ZSTD_createDCtx();
    std::vector<char> out(piece_bytes);
    for (auto _ : state) {
        ZSTD_inBuffer from{packed.data(), packed.size(), 0};
        std::size_t left = 1;
        while (left > 0) {
            ZSTD_outBuffer to{out.data(), out.size(), 0};
            left = ZSTD_decompressStream(context, &to, &from);
        }
    }
    ZSTD_freeDCtx(context);
    tell_rate(state);
}
BENCHMARK(zstd_1_library_back)->UseRealTime();

class in_memory final : public cairn::wire::body_stream {
  public:
    std::optional<std::uint64_t> remaining() const noexcept override { return data().size() - at_; }
    cairn::awaitable<cairn::result<std::size_t>> read_some(
        boost::asio::mutable_buffer into) override {
        const auto n = boost::asio::buffer_copy(into, boost::asio::buffer(data()) + at_);
        at_ += n;
        co_return n;
    }

  private:
    std::size_t at_ = 0;
};

cairn::awaitable<void> drain(std::unique_ptr<cairn::wire::body_stream> from) {
    std::vector<char> out(piece_bytes);
    for (;;) {
        const auto n = co_await from->read_some(boost::asio::buffer(out));
        if (n.value() == 0) co_return;
    }
}

void through_stream(benchmark::State& state, const compression& how, std::size_t threads) {
    const auto on = std::make_shared<cairn::workers>(threads);
    boost::asio::io_context context(1);
    const auto rethrow = [](const std::exception_ptr& failed) {
        if (failed) std::rethrow_exception(failed);
    };
    for (auto _ : state) {
        auto body = transformed(std::make_unique<in_memory>(), make_compressor(how).value(), on);
        boost::asio::co_spawn(context, drain(std::move(body)), rethrow);
        context.run();
        context.restart();
    }
    tell_rate(state);
}
BENCHMARK_CAPTURE(through_stream, zstd_1_inline, zstd_options(1), 0)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK_CAPTURE(through_stream, zstd_1_one_thread, zstd_options(1), 1)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
