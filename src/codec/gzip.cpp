#include "codec/gzip.hpp"

#include "codec/frames.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>
#include <string>
#include <zlib.h>

namespace cairn::codec {
namespace {

// zlib: "Add 16 to windowBits" for gzip around the deflated data; 15 is the largest window.
constexpr int gzip_window_bits = 15 + 16;
constexpr int default_memory_level = 8;
// RFC 1952, 2.3.1.
constexpr std::array magic{std::byte{0x1F}, std::byte{0x8B}};

// What else can fail is a mistake in how zlib is called.
void check(int code, const z_stream& stream) {
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    if (code == Z_STREAM_ERROR)
        throw std::logic_error(std::string("zlib: ") + (stream.msg ? stream.msg : "stream error"));
}

frame_progress progress_of(z_stream& stream, std::span<const std::byte> in,
                           std::span<std::byte> out, auto&& call) {
    // zlib doesn't write to its input.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const bool ended = call() == Z_STREAM_END;
    return {in.size() - stream.avail_in, out.size() - stream.avail_out, ended};
}

class gzip_compressor final : public frame_compressor {
  public:
    explicit gzip_compressor(const gzip_options& how) : frame_compressor(how.frame_bytes) {
        check(deflateInit2(&stream_, how.level, Z_DEFLATED, gzip_window_bits, default_memory_level,
                           Z_DEFAULT_STRATEGY),
              stream_);
    }
    gzip_compressor(const gzip_compressor&) = delete;
    gzip_compressor& operator=(const gzip_compressor&) = delete;
    ~gzip_compressor() override { deflateEnd(&stream_); }

  private:
    frame_progress compress(std::span<const std::byte> in, std::span<std::byte> out,
                            bool end_frame) override {
        return progress_of(stream_, in, out, [&] {
            const int code = deflate(&stream_, end_frame ? Z_FINISH : Z_NO_FLUSH);
            check(code, stream_);
            return code;
        });
    }
    void begin_frame() override { check(deflateReset(&stream_), stream_); }

    z_stream stream_{};
};

class gzip_decompressor final : public frame_decompressor {
  public:
    explicit gzip_decompressor(const decompression_options& options)
        : frame_decompressor(name_of(encoding::gzip), options.max_output_bytes) {
        check(inflateInit2(&stream_, gzip_window_bits), stream_);
    }
    gzip_decompressor(const gzip_decompressor&) = delete;
    gzip_decompressor& operator=(const gzip_decompressor&) = delete;
    ~gzip_decompressor() override { inflateEnd(&stream_); }

  private:
    result<frame_progress> decompress(std::span<const std::byte> in,
                                      std::span<std::byte> out) override {
        int code = Z_OK;
        const auto done = progress_of(stream_, in, out, [&] {
            code = inflate(&stream_, Z_NO_FLUSH);
            check(code, stream_);
            return code;
        });
        if (code != Z_DATA_ERROR) return done;
        return error(errc::corrupt_stream, stream_.msg ? stream_.msg : "invalid data");
    }
    bool may_begin_with(std::span<const std::byte> head) const override {
        const auto known = std::min(head.size(), magic.size());
        return std::ranges::equal(head.first(known), std::span(magic).first(known));
    }
    void begin_frame() override { check(inflateReset(&stream_), stream_); }

    z_stream stream_{};
};

}  // namespace

result<std::unique_ptr<transform>> make_gzip_compressor(const gzip_options& how) {
    if (how.level < Z_NO_COMPRESSION || how.level > Z_BEST_COMPRESSION)
        return error(errc::invalid_argument,
                     "gzip has no level " + std::to_string(how.level) + ", but those from 0 to 9");
    return std::unique_ptr<transform>(std::make_unique<gzip_compressor>(how));
}

std::unique_ptr<transform> make_gzip_decompressor(const decompression_options& options) {
    return std::make_unique<gzip_decompressor>(options);
}

}  // namespace cairn::codec
