#pragma once

#include <cairn/codec/transform.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::codec {

/// How bytes are compressed.
enum class encoding : std::uint8_t {
    gzip,  ///< RFC 1952
    zstd,  ///< RFC 8878
};

/// The name of an encoding in `Content-Encoding`: "gzip", "zstd".
std::string_view name_of(encoding e) noexcept;

/// The encodings that the value of a `Content-Encoding` field tells of, in the order in which they
/// were applied; none for an empty one. `aws-chunked`, which S3's clients leave there, and
/// `identity` are none. Fails with `invalid_argument`, which names it, for an encoding that cairn
/// doesn't know, and for more than four.
result<std::vector<encoding>> parse_content_encoding(std::string_view value);

/// How gzip compresses.
struct gzip_options {
    gzip_options() = default;
    explicit gzip_options(int level) : level(level) {}

    int level = 6;  ///< 0 (stored as it is) to 9 (smallest).
    /// When not 0, a member ends after so many bytes of input, and another begins: see
    /// `zstd_options::frame_bytes`.
    std::uint64_t frame_bytes = 0;
};

/// How zstd compresses.
struct zstd_options {
    zstd_options() = default;
    explicit zstd_options(int level) : level(level) {}

    int level = 3;  ///< Up to 22 (smallest); negative ones are faster still.
    /// What the data is likely to have in common with it, from `zstd --train` or just a sample. Who
    /// decompresses needs the same.
    bytes dictionary;
    /// When not 0, also finds what repeats so far back, as `zstd --long` does: a power of two from
    /// 1 KiB to 2 GiB. Both sides take that much memory; above 128 MiB who decompresses has to
    /// allow it.
    std::uint64_t long_window_bytes = 0;
    bool checksum = true;  ///< 4 bytes a frame, by which damage is found.
    /// When not 0, a frame ends after so many bytes of input, and another begins. Such frames are
    /// independent: they can be made in parallel, and a stream can go on after any of them. Every
    /// reader takes them for one stream. It costs a few bytes and what would have repeated across.
    std::uint64_t frame_bytes = 0;
};

/// How to compress.
using compression = std::variant<gzip_options, zstd_options>;

encoding encoding_of(const compression& how) noexcept;

/// What to take when decompressing what others may have made.
struct decompression_options {
    decompression_options() = default;

    bytes dictionary;  ///< The one that zstd compressed with.
    /// The most memory that zstd may look back on, rounded down to a power of two between 1 KiB and
    /// 2 GiB. The default is that of `zstd -d`, so what it reads is read here; gzip needs 32 KiB
    /// always.
    std::uint64_t max_window_bytes = 128ULL << 20U;
    /// The most that may come out. The default is S3's largest object.
    std::uint64_t max_output_bytes = 10'000 * (5ULL << 30U);
};

/// Compresses. Empty input gives an empty frame. Fails with `invalid_argument` for options that
/// make no sense.
result<std::unique_ptr<transform>> make_compressor(const compression& how);

/// Decompresses a stream of one frame or more: gzip's members, or zstd's frames and skippable
/// frames. Fails with `invalid_argument` for a dictionary that is none.
///
/// Errors of `run`, which tell the place: `corrupt_stream` for bytes that are damaged, cut short,
/// or followed by others; `limit_exceeded` for what goes beyond a limit of the options;
/// `invalid_argument` when a dictionary is missing, or another is needed. Nothing that comes in
/// makes it take more memory than the window and half a MiB.
result<std::unique_ptr<transform>> make_decompressor(encoding e);
result<std::unique_ptr<transform>> make_decompressor(encoding e,
                                                     const decompression_options& options);

/// All that `data` becomes, at once. Fails with `limit_exceeded` when that is more than `limit`
/// bytes.
result<bytes> apply(transform& by, std::span<const std::byte> data, std::size_t limit);

}  // namespace cairn::codec
