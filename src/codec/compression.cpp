#include "codec/gzip.hpp"
#include "codec/zstd.hpp"

#include <algorithm>
#include <string>

namespace cairn::codec {
namespace {

constexpr std::size_t smallest_piece_bytes = 4096;
constexpr std::size_t largest_piece_bytes = 1024 * 1024;

}  // namespace

encoding encoding_of(const compression& how) noexcept {
    return std::holds_alternative<gzip_options>(how) ? encoding::gzip : encoding::zstd;
}

result<std::unique_ptr<transform>> make_compressor(const compression& how) {
    if (const auto* gzip = std::get_if<gzip_options>(&how)) return make_gzip_compressor(*gzip);
    return make_zstd_compressor(std::get<zstd_options>(how));
}

result<std::unique_ptr<transform>> make_decompressor(encoding e) {
    return make_decompressor(e, decompression_options());
}

result<std::unique_ptr<transform>> make_decompressor(encoding e,
                                                     const decompression_options& options) {
    if (e == encoding::gzip) return make_gzip_decompressor(options);
    return make_zstd_decompressor(options);
}

result<bytes> apply(transform& by, std::span<const std::byte> data, std::size_t limit) {
    bytes out;
    for (;;) {
        const auto have = out.size();
        const auto piece =
            std::clamp(std::max(have, data.size()), smallest_piece_bytes, largest_piece_bytes);
        // One more than is left of the limit, to see whether there is more.
        out.resize(have + (limit - have < piece ? limit - have + 1 : piece));
        const auto into = std::as_writable_bytes(std::span(out)).subspan(have);
        const auto done = by.run(data, into, true);
        if (!done) return done.error();
        out.resize(have + done->produced);
        if (out.size() > limit)
            return error(errc::limit_exceeded,
                         "more than " + std::to_string(limit) + " bytes come out");
        if (done->ended) return out;
        data = data.subspan(done->consumed);
    }
}

}  // namespace cairn::codec
