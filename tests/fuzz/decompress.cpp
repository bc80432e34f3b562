#include <cairn/codec/compression.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <variant>

namespace {

using namespace cairn;
using namespace cairn::codec;

constexpr std::uint64_t most_output = 256 * 1024;

decompression_options small() {
    decompression_options options;
    options.max_output_bytes = most_output;
    options.max_window_bytes = 64 * 1024;
    return options;
}

void must(bool holds) {
    if (!holds) std::abort();
}

// All of it, in pieces of so many bytes; nothing after a failure.
std::optional<bytes> in_pieces(transform& through, std::span<const std::byte> rest,
                               std::size_t piece) {
    through.reset();
    bytes all;
    bytes out(piece, '\0');
    for (;;) {
        const auto now = rest.first(std::min(piece, rest.size()));
        const auto done =
            through.run(now, std::as_writable_bytes(std::span(out)), now.size() == rest.size());
        if (!done) return std::nullopt;
        must(done->consumed <= now.size() && done->produced <= out.size());
        must(done->ended || done->consumed + done->produced > 0);
        all.append(out, 0, done->produced);
        must(all.size() <= most_output);
        rest = rest.subspan(done->consumed);
        if (done->ended) return all;
    }
}

}  // namespace

// Whatever comes in: no more comes out than is allowed, and the same in pieces of any size. What
// was compressed is read back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto e = data[0] % 2 == 0 ? encoding::gzip : encoding::zstd;
    const std::size_t piece = data[1] + 1U;
    const auto input = std::as_bytes(std::span(data, size)).subspan(2);
    const auto decompressor = make_decompressor(e, small()).value();
    const auto whole = in_pieces(*decompressor, input, 64 * 1024);
    const auto pieces = in_pieces(*decompressor, input, piece);
    if (whole && pieces) must(*whole == *pieces);

    if (input.size() > most_output / 16) return 0;
    compression how = gzip_options(1);
    if (e == encoding::zstd) how = zstd_options(1);
    std::visit([&](auto& options) { options.frame_bytes = piece * 16; }, how);
    const auto compressor = make_compressor(how).value();
    const auto packed = in_pieces(*compressor, input, piece);
    const auto back = make_decompressor(e).value();
    must(in_pieces(*back, as_bytes(*packed), piece) == bytes(as_text(input)));
    return 0;
}
