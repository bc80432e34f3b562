#include "codec/zstd.hpp"

#include "codec/frames.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <new>
#include <stdexcept>
#include <string>
#include <zstd.h>
#include <zstd_errors.h>

namespace cairn::codec {
namespace {

// RFC 8878, 3.1.1 and 3.1.2: the first byte of a skippable frame ends in any four bits.
constexpr std::array magic{std::byte{0x28}, std::byte{0xB5}, std::byte{0x2F}, std::byte{0xFD}};
constexpr std::array skippable_magic{std::byte{0x50}, std::byte{0x2A}, std::byte{0x4D},
                                     std::byte{0x18}};

// What else can fail is a mistake in how zstd is called.
std::size_t check(std::size_t code) {
    if (ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation) throw std::bad_alloc();
    if (ZSTD_isError(code) != 0)
        throw std::logic_error(std::string("zstd: ") + ZSTD_getErrorName(code));
    return code;
}

struct deleter {
    void operator()(ZSTD_CCtx* c) const noexcept { ZSTD_freeCCtx(c); }
    void operator()(ZSTD_DCtx* d) const noexcept { ZSTD_freeDCtx(d); }
};

template <class Context>
std::unique_ptr<Context, deleter> owned(Context* made) {
    if (!made) throw std::bad_alloc();
    return std::unique_ptr<Context, deleter>(made);
}

error bad_dictionary() {
    return error(errc::invalid_argument, "the zstd dictionary is malformed");
}

bool allows(ZSTD_cParameter parameter, int value) {
    const auto bounds = ZSTD_cParam_getBounds(parameter);
    return value >= bounds.lowerBound && value <= bounds.upperBound;
}

result<void> check_options(const zstd_options& how) {
    if (!allows(ZSTD_c_compressionLevel, how.level))
        return error(errc::invalid_argument, "zstd has no level " + std::to_string(how.level) +
                                                 ", but those up to " +
                                                 std::to_string(ZSTD_maxCLevel()));
    const auto window = how.long_window_bytes;
    if (window == 0) return {};
    if (std::has_single_bit(window) && allows(ZSTD_c_windowLog, std::countr_zero(window)))
        return {};
    return error(errc::invalid_argument, "zstd has no window of " + std::to_string(window) +
                                             " bytes, but powers of two from 1 KiB to 2 GiB");
}

class zstd_compressor final : public frame_compressor {
  public:
    explicit zstd_compressor(const zstd_options& how)
        : frame_compressor(how.frame_bytes), context_(owned(ZSTD_createCCtx())) {
        set(ZSTD_c_compressionLevel, how.level);
        set(ZSTD_c_checksumFlag, how.checksum ? 1 : 0);
        if (how.long_window_bytes == 0) return;
        set(ZSTD_c_enableLongDistanceMatching, 1);
        set(ZSTD_c_windowLog, std::countr_zero(how.long_window_bytes));
    }
    /// False for a dictionary that is none.
    bool use(const bytes& dictionary) {
        check(ZSTD_CCtx_loadDictionary(context_.get(), dictionary.data(), dictionary.size()));
        // It is read when the first frame begins.
        std::array<std::byte, 64> scratch{};
        ZSTD_outBuffer to{scratch.data(), scratch.size(), 0};
        ZSTD_inBuffer from{nullptr, 0, 0};
        const auto left = ZSTD_compressStream2(context_.get(), &to, &from, ZSTD_e_end);
        begin_frame();
        return ZSTD_isError(left) == 0;
    }

  private:
    void set(ZSTD_cParameter parameter, int value) {
        check(ZSTD_CCtx_setParameter(context_.get(), parameter, value));
    }
    frame_progress compress(std::span<const std::byte> in, std::span<std::byte> out,
                            bool end_frame) override {
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        const auto how = end_frame ? ZSTD_e_end : ZSTD_e_continue;
        const auto left = check(ZSTD_compressStream2(context_.get(), &to, &from, how));
        return {from.pos, to.pos, end_frame && left == 0};
    }
    void begin_frame() override { check(ZSTD_CCtx_reset(context_.get(), ZSTD_reset_session_only)); }

    std::unique_ptr<ZSTD_CCtx, deleter> context_;
};

class zstd_decompressor final : public frame_decompressor {
  public:
    explicit zstd_decompressor(const decompression_options& options)
        : frame_decompressor(name_of(encoding::zstd), options.max_output_bytes),
          context_(owned(ZSTD_createDCtx())) {
        const auto bounds = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax);
        const auto log = static_cast<int>(std::bit_width(options.max_window_bytes)) - 1;
        max_window_log_ = std::clamp(log, bounds.lowerBound, bounds.upperBound);
        check(ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, max_window_log_));
    }
    /// False for a dictionary that is none.
    bool use(const bytes& dictionary) {
        return ZSTD_isError(ZSTD_DCtx_loadDictionary(context_.get(), dictionary.data(),
                                                     dictionary.size())) == 0;
    }

  private:
    result<frame_progress> decompress(std::span<const std::byte> in,
                                      std::span<std::byte> out) override {
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        const auto left = ZSTD_decompressStream(context_.get(), &to, &from);
        if (ZSTD_isError(left) != 0) return error_of(left);
        return frame_progress{from.pos, to.pos, left == 0};
    }
    void begin_frame() override { check(ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only)); }

    // Not the formats of zstd's first versions, which libzstd may be built to read, too: nothing
    // limits their windows.
    bool may_begin_with(std::span<const std::byte> head) const override {
        const auto known = skips(head) ? skippable_magic : magic;
        return std::ranges::equal(head.subspan(1), std::span(known).subspan(1, head.size() - 1)) &&
               (skips(head) || head[0] == magic[0]);
    }
    static bool skips(std::span<const std::byte> head) {
        return (head[0] & std::byte{0xF0}) == skippable_magic[0];
    }

    error error_of(std::size_t code) const {
        const auto* const name = ZSTD_getErrorName(code);
        switch (ZSTD_getErrorCode(code)) {
            case ZSTD_error_memory_allocation:
                throw std::bad_alloc();
            case ZSTD_error_frameParameter_windowTooLarge:
                return error(errc::limit_exceeded, "its window is larger than " +
                                                       std::to_string(1ULL << max_window_log_) +
                                                       " bytes, which is the limit")
                    .hint(
                        "allow a larger window (max_window_bytes) if you trust where it comes "
                        "from");
            case ZSTD_error_dictionary_wrong:
                return error(errc::invalid_argument, "it needs a dictionary, or another one")
                    .hint("give the dictionary that it was made with");
            default:
                return error(errc::corrupt_stream, name);
        }
    }

    std::unique_ptr<ZSTD_DCtx, deleter> context_;
    int max_window_log_ = 0;
};

}  // namespace

result<std::unique_ptr<transform>> make_zstd_compressor(const zstd_options& how) {
    if (const auto valid = check_options(how); !valid) return valid.error();
    auto made = std::make_unique<zstd_compressor>(how);
    if (!how.dictionary.empty() && !made->use(how.dictionary)) return bad_dictionary();
    return std::unique_ptr<transform>(std::move(made));
}

result<std::unique_ptr<transform>> make_zstd_decompressor(const decompression_options& options) {
    auto made = std::make_unique<zstd_decompressor>(options);
    if (!options.dictionary.empty() && !made->use(options.dictionary)) return bad_dictionary();
    return std::unique_ptr<transform>(std::move(made));
}

}  // namespace cairn::codec
