#include <cairn/codec/compression.hpp>
#include <cairn/testing/seeded_random.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <zdict.h>
#include <zlib.h>
#include <zstd.h>

// zlib's and zstd's own calls for whole buffers tell what is right.

namespace cairn::codec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::array both{encoding::gzip, encoding::zstd};

// Text that compresses about as well as text does.
bytes text(std::size_t size, std::uint64_t seed = 1) {
    testing::seeded_random random(seed);
    constexpr std::array words{"cairn ", "stone ", "a ",     "path ",  "marks ",
                               "the ",   "hill ",  "upon\n", "storm ", "snow "};
    bytes out;
    while (out.size() < size) out += words[random.below(words.size())];
    out.resize(size);
    return out;
}

bytes noise(std::size_t size) {
    testing::seeded_random random(2);
    bytes out;
    while (out.size() < size) out += static_cast<char>(random.below(256));
    return out;
}

compression by(encoding e) {
    return e == encoding::gzip ? compression(gzip_options()) : compression(zstd_options());
}

compression in_frames(encoding e, std::uint64_t frame_bytes) {
    auto how = by(e);
    std::visit([&](auto& options) { options.frame_bytes = frame_bytes; }, how);
    return how;
}

bytes compress(const bytes& data, const compression& how) {
    const auto made = make_compressor(how).value();
    return apply(*made, as_bytes(data), std::numeric_limits<std::size_t>::max()).value();
}
bytes compress(const bytes& data, encoding e) {
    return compress(data, by(e));
}

result<bytes> decompress(const bytes& data, encoding e,
                         const decompression_options& options = decompression_options()) {
    const auto made = make_decompressor(e, options).value();
    return apply(*made, as_bytes(data), 64U << 20U);
}

// Whole, in pieces of so many bytes in and out.
result<bytes> in_pieces(transform& through, const bytes& data, std::size_t in, std::size_t out) {
    bytes all;
    bytes piece(out, '\0');
    auto rest = as_bytes(data);
    for (;;) {
        const auto now = rest.first(std::min(in, rest.size()));
        const auto into = std::as_writable_bytes(std::span(piece));
        const auto done = through.run(now, into, now.size() == rest.size());
        if (!done) return done.error();
        all.append(piece, 0, done->produced);
        rest = rest.subspan(done->consumed);
        if (done->ended) return all;
        if (done->consumed + done->produced == 0) {
            ADD_FAILURE() << "it stands still with " << rest.size() << " bytes left";
            return all;
        }
    }
}

/// --- What the libraries' own calls make, and read ---

bytes zlib_compress(const bytes& data) {
    z_stream z{};
    deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
    bytes out(deflateBound(&z, data.size()), '\0');
    bytes in = data;
    z.next_in = reinterpret_cast<Bytef*>(in.data());
    z.avail_in = static_cast<uInt>(in.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

// One member after another, as gunzip does; gives their lengths.
std::vector<std::size_t> zlib_members(bytes data, bytes& out) {
    std::vector<std::size_t> lengths;
    z_stream z{};
    inflateInit2(&z, 15 + 16);
    z.next_in = reinterpret_cast<Bytef*>(data.data());
    z.avail_in = static_cast<uInt>(data.size());
    bytes piece(1U << 20U, '\0');
    while (z.avail_in > 0) {
        inflateReset(&z);
        int code = Z_OK;
        while (code == Z_OK) {
            z.next_out = reinterpret_cast<Bytef*>(piece.data());
            z.avail_out = static_cast<uInt>(piece.size());
            code = inflate(&z, Z_NO_FLUSH);
            out.append(piece, 0, piece.size() - z.avail_out);
        }
        EXPECT_EQ(code, Z_STREAM_END);
        if (code != Z_STREAM_END) break;
        lengths.push_back(z.total_out);
    }
    inflateEnd(&z);
    return lengths;
}

std::vector<std::size_t> zstd_frames(const bytes& data, bytes& out) {
    std::vector<std::size_t> lengths;
    std::string_view rest = data;
    while (!rest.empty()) {
        const auto size = ZSTD_findFrameCompressedSize(rest.data(), rest.size());
        if (ZSTD_isError(size) != 0) break;
        bytes piece(1U << 24U, '\0');
        const auto n = ZSTD_decompress(piece.data(), piece.size(), rest.data(), size);
        EXPECT_EQ(ZSTD_isError(n), 0U) << ZSTD_getErrorName(n);
        out.append(piece, 0, n);
        lengths.push_back(n);
        rest.remove_prefix(size);
    }
    EXPECT_EQ(rest.size(), 0U);
    return lengths;
}

bytes zstd_compress(const bytes& data) {
    bytes out(ZSTD_compressBound(data.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), data.data(), data.size(), 5));
    return out;
}

std::vector<std::size_t> frames_of(encoding e, const bytes& data, bytes& out) {
    return e == encoding::gzip ? zlib_members(data, out) : zstd_frames(data, out);
}
bytes library_compress(encoding e, const bytes& data) {
    return e == encoding::gzip ? zlib_compress(data) : zstd_compress(data);
}

bytes skippable(const bytes& content) {
    const auto size = static_cast<std::uint32_t>(content.size());
    bytes out("\x5A\x2A\x4D\x18", 4);
    for (int i = 0; i < 4; ++i) out += static_cast<char>(size >> 8 * i & 0xFF);
    return out + content;
}

void expect_failure(const result<bytes>& r, errc code, const std::string& words) {
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().code(), code) << r.error();
    EXPECT_THAT(r.error().detail(), HasSubstr(words));
}

class compression_test : public ::testing::TestWithParam<encoding> {};

INSTANTIATE_TEST_SUITE_P(all, compression_test, ::testing::ValuesIn(both),
                         [](const auto& e) { return std::string(name_of(e.param)); });

/// --- Round trips ---

TEST_P(compression_test, TheLibraryReadsWhatIsCompressed) {
    for (const std::size_t size : {0, 1, 100, 70'000, 1'500'000}) {
        const auto plain = text(size);
        bytes out;
        EXPECT_THAT(frames_of(GetParam(), compress(plain, GetParam()), out), ElementsAre(size));
        EXPECT_EQ(out, plain);
    }
}

TEST_P(compression_test, ReadsWhatTheLibraryCompresses) {
    for (const auto& plain : {text(0), text(1), text(1'500'000), noise(500'000)})
        EXPECT_EQ(decompress(library_compress(GetParam(), plain), GetParam()).value(), plain);
}

TEST_P(compression_test, PiecesOfAnySizeGiveTheSame) {
    const auto plain = text(3000) + noise(500);
    const auto how = in_frames(GetParam(), 1000);
    const auto whole = compress(plain, how);
    const auto compressor = make_compressor(how).value();
    const auto decompressor = make_decompressor(GetParam()).value();
    for (const std::size_t in : {1, 2, 3, 7, 100, 999, 1000, 1001, 10'000}) {
        for (const std::size_t out : {1, 2, 5, 100, 10'000}) {
            compressor->reset();
            decompressor->reset();
            const auto packed = in_pieces(*compressor, plain, in, out).value();
            EXPECT_EQ(decompress(packed, GetParam()).value(), plain) << in << " in, " << out;
            EXPECT_EQ(in_pieces(*decompressor, whole, in, out).value(), plain) << in << ", " << out;
        }
    }
}

TEST_P(compression_test, GoesOnWhenItIsOnlyToldAtTheEndThatThereIsNoMore) {
    const auto plain = text(5000);
    const auto compressor = make_compressor(by(GetParam())).value();
    bytes packed(10'000, '\0');
    auto into = std::as_writable_bytes(std::span(packed));
    const auto first = compressor->run(as_bytes(plain), into, false).value();
    EXPECT_EQ(first.consumed, plain.size());
    EXPECT_FALSE(first.ended);
    const auto rest = compressor->run({}, into.subspan(first.produced), true).value();
    EXPECT_TRUE(rest.ended);
    packed.resize(first.produced + rest.produced);
    EXPECT_EQ(decompress(packed, GetParam()).value(), plain);

    const auto decompressor = make_decompressor(GetParam()).value();
    bytes out(plain.size() + 1, '\0');
    into = std::as_writable_bytes(std::span(out));
    EXPECT_FALSE(decompressor->run(as_bytes(packed), into, false).value().ended);
    EXPECT_TRUE(decompressor->run({}, into, true).value().ended);
    EXPECT_TRUE(decompressor->run({}, into, true).value().ended);
}

TEST_P(compression_test, DoesNothingWithoutRoom) {
    const auto compressor = make_compressor(by(GetParam())).value();
    const auto done = compressor->run(as_bytes("text"), {}, true).value();
    EXPECT_EQ(done.consumed + done.produced, 0U);
    EXPECT_FALSE(done.ended);
    EXPECT_EQ(apply(*compressor, as_bytes("text"), 100).value(), compress("text", GetParam()));
}

TEST_P(compression_test, BeginsAnotherStreamAfterAReset) {
    const auto compressor = make_compressor(by(GetParam())).value();
    bytes scratch(100, '\0');
    const auto half = noise(300'000);
    ASSERT_TRUE(compressor->run(as_bytes(half), std::as_writable_bytes(std::span(scratch)), false));
    for (int i = 0; i < 2; ++i) {
        compressor->reset();
        EXPECT_EQ(apply(*compressor, as_bytes("text"), 100).value(), compress("text", GetParam()));
    }
    const auto decompressor = make_decompressor(GetParam()).value();
    const auto good = compress("text", GetParam());
    const auto bad = good.substr(0, good.size() - 1);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(apply(*decompressor, as_bytes(good), 100).value(), "text");
        decompressor->reset();
        EXPECT_FALSE(apply(*decompressor, as_bytes(bad), 100));
        EXPECT_FALSE(apply(*decompressor, as_bytes(good), 100)) << "a failure stays";
        decompressor->reset();
    }
}

/// --- Options ---

TEST_P(compression_test, ALevelDecidesHowSmall) {
    const auto plain = text(200'000);
    const auto at = [&](int level) {
        const auto how = GetParam() == encoding::gzip ? compression(gzip_options(level))
                                                      : compression(zstd_options(level));
        const auto packed = compress(plain, how);
        EXPECT_EQ(decompress(packed, GetParam()).value(), plain) << level;
        return packed.size();
    };
    EXPECT_LT(at(9), at(1));
    if (GetParam() == encoding::gzip)
        EXPECT_GT(at(0), plain.size());
    else
        EXPECT_GT(at(-50), at(19));
}

TEST(compression_options, RefuseLevelsThatThereAreNot) {
    for (const int level : {-1, 10}) {
        const auto made = make_compressor(gzip_options(level));
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code(), errc::invalid_argument);
        EXPECT_THAT(made.error().detail(), HasSubstr(std::to_string(level)));
    }
    EXPECT_EQ(make_compressor(zstd_options(23)).error().code(), errc::invalid_argument);
    EXPECT_TRUE(make_compressor(zstd_options(22)));
    EXPECT_TRUE(make_compressor(zstd_options(-7)));
}

TEST(compression_options, RefuseWindowsThatThereAreNot) {
    zstd_options how;
    for (const auto bytes : {1ULL, 512ULL, 1025ULL, 1ULL << 32U, ~0ULL}) {
        how.long_window_bytes = bytes;
        EXPECT_EQ(make_compressor(how).error().code(), errc::invalid_argument) << bytes;
    }
    how.long_window_bytes = 1024;
    EXPECT_TRUE(make_compressor(how));
}

TEST(zstd, ChecksumsAreAChoice) {
    zstd_options without;
    without.checksum = false;
    EXPECT_EQ(compress("text", zstd_options()).size(), compress("text", without).size() + 4);
}

TEST(zstd, FindsWhatRepeatsFarBackWithALongWindow) {
    const auto piece = noise(1'000'000);
    const auto plain = piece + bytes(12'000'000, 'x') + piece;
    zstd_options how(1);
    const auto near_only = compress(plain, how);
    how.long_window_bytes = 16U << 20U;
    const auto far = compress(plain, how);
    EXPECT_LT(far.size() + 900'000, near_only.size());
    EXPECT_EQ(decompress(far, encoding::zstd).value(), plain);
}

TEST(zstd, TakesASampleForADictionary) {
    const auto sample = noise(10'000);
    const auto plain = sample.substr(2000, 5000);
    zstd_options how;
    how.dictionary = sample;
    const auto packed = compress(plain, how);
    EXPECT_LT(packed.size(), 100U);
    decompression_options with;
    with.dictionary = sample;
    EXPECT_EQ(decompress(packed, encoding::zstd, with).value(), plain);
    expect_failure(decompress(packed, encoding::zstd), errc::corrupt_stream, "zstd stream");
}

TEST(zstd, TakesATrainedDictionary) {
    bytes samples;
    std::vector<std::size_t> sizes;
    for (std::uint64_t i = 0; i < 500; ++i) {
        const auto sample = "{\"name\": \"" + text(30, i) + "\", \"n\": " + std::to_string(i) + "}";
        samples += sample;
        sizes.push_back(sample.size());
    }
    bytes trained(4096, '\0');
    const auto size = ZDICT_trainFromBuffer(trained.data(), trained.size(), samples.data(),
                                            sizes.data(), static_cast<unsigned>(sizes.size()));
    ASSERT_EQ(ZDICT_isError(size), 0U) << ZDICT_getErrorName(size);
    trained.resize(size);

    zstd_options how;
    how.dictionary = trained;
    how.frame_bytes = 100;
    const auto plain = samples.substr(0, 1000);
    const auto packed = compress(plain, how);
    decompression_options with;
    with.dictionary = trained;
    EXPECT_EQ(decompress(packed, encoding::zstd, with).value(), plain);

    const auto without = decompress(packed, encoding::zstd);
    expect_failure(without, errc::invalid_argument, "dictionary");
    EXPECT_THAT(without.error().hint(), HasSubstr("give the dictionary"));

    how.dictionary.resize(20);
    EXPECT_EQ(make_compressor(how).error().code(), errc::invalid_argument);
    with.dictionary.resize(20);
    EXPECT_EQ(make_decompressor(encoding::zstd, with).error().code(), errc::invalid_argument);
}

/// --- Frames ---

TEST_P(compression_test, EndsAFrameEverySoManyBytes) {
    bytes out;
    const auto in = [&](std::size_t size, std::uint64_t frame) {
        out.clear();
        return frames_of(GetParam(), compress(text(size), in_frames(GetParam(), frame)), out);
    };
    EXPECT_THAT(in(2500, 1000), ElementsAre(1000, 1000, 500));
    EXPECT_EQ(out, text(2500));
    EXPECT_THAT(in(2000, 1000), ElementsAre(1000, 1000)) << "no empty one behind";
    EXPECT_THAT(in(999, 1000), ElementsAre(999));
    EXPECT_THAT(in(0, 1000), ElementsAre(0));
    EXPECT_THAT(in(3, 1), ElementsAre(1, 1, 1));
}

TEST_P(compression_test, FramesCanBeMadeApart) {
    const auto plain = text(300'000);
    bytes apart;
    for (std::size_t at = 0; at < plain.size(); at += 100'000)
        apart += compress(plain.substr(at, 100'000), GetParam());
    EXPECT_EQ(apart, compress(plain, in_frames(GetParam(), 100'000)));
    EXPECT_EQ(decompress(apart, GetParam()).value(), plain);
}

TEST_P(compression_test, FramesBehindEachOtherAreOneStream) {
    const auto empty = library_compress(GetParam(), "");
    EXPECT_EQ(decompress(empty, GetParam()).value(), "");
    EXPECT_EQ(decompress(empty + library_compress(GetParam(), "one ") + empty + empty +
                             library_compress(GetParam(), "two") + empty,
                         GetParam())
                  .value(),
              "one two");
}

TEST(zstd, SkipsFramesThatAreToBeSkipped) {
    const auto stream = skippable("") + zstd_compress("one ") + skippable(noise(500'000)) +
                        zstd_compress("two") + skippable("end");
    EXPECT_EQ(decompress(stream, encoding::zstd).value(), "one two");
    EXPECT_EQ(decompress(skippable("alone"), encoding::zstd).value(), "");
    expect_failure(decompress(stream.substr(0, stream.size() - 1), encoding::zstd),
                   errc::corrupt_stream, "cut short");
}

/// --- Damage ---

TEST_P(compression_test, EveryCutIsFound) {
    const auto whole = compress(text(700), in_frames(GetParam(), 300));
    std::vector<std::size_t> ends{0};
    for (const std::size_t size : {300, 300, 100}) {
        const auto frame = compress(text(700).substr(ends.size() * 300 - 300, size), GetParam());
        ends.push_back(ends.back() + frame.size());
    }
    ASSERT_EQ(ends.back(), whole.size());
    const auto decompressor = make_decompressor(GetParam()).value();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        for (const std::size_t piece : {1, 1000}) {
            decompressor->reset();
            const auto cut = in_pieces(*decompressor, whole.substr(0, size), piece, 64);
            if (size > 0 && std::ranges::count(ends, size) > 0) {
                EXPECT_TRUE(cut) << "between frames";
                continue;
            }
            expect_failure(cut, errc::corrupt_stream, size == 0 ? "empty" : "cut short");
            EXPECT_THAT(cut.error().detail(), HasSubstr("byte " + std::to_string(size)));
        }
    }
}

TEST_P(compression_test, NoChangedByteGoesUnseenWhereOneIsChecked) {
    const auto plain = text(500);
    const auto good = compress(plain, GetParam());
    const auto decompressor = make_decompressor(GetParam()).value();
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const unsigned flip : {0x01U, 0x10U, 0x80U, 0xFFU}) {
            auto bad = good;
            bad[i] = static_cast<char>(static_cast<unsigned char>(bad[i]) ^ flip);
            decompressor->reset();
            const auto read = in_pieces(*decompressor, bad, 1000, 64);
            // What gzip's header tells of time and system is covered by nothing.
            if (read)
                EXPECT_EQ(*read, plain) << "byte " << i;
            else
                EXPECT_NE(read.error().detail(), "");
        }
    }
}

TEST_P(compression_test, BytesBehindTheEndAreAnError) {
    const auto good = compress("text", GetParam());
    for (const bytes& behind : {bytes(1, '\0'), bytes(1000, '\0'), bytes("garbage"), noise(50)}) {
        const auto read = decompress(good + behind, GetParam());
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().code(), errc::corrupt_stream);
        EXPECT_THAT(read.error().detail(), HasSubstr("byte " + std::to_string(good.size())));
    }
    expect_failure(decompress(good + "<html></html>", GetParam()), errc::corrupt_stream,
                   "what follows is not " + std::string(name_of(GetParam())));
    expect_failure(decompress("<html></html>", GetParam()), errc::corrupt_stream, "byte 0");
}

TEST_P(compression_test, TheOtherEncodingIsAnError) {
    for (const auto e : both)
        EXPECT_EQ(decompress(compress(text(500), e), GetParam()).has_value(), e == GetParam());
}

TEST(zstd, FormatsOfItsFirstVersionsAreNot) {
    for (char version = 0x22; version <= 0x27; ++version) {
        const auto old = bytes{version, '\xB5', '\x2F', '\xFD'} + noise(100);
        expect_failure(decompress(old, encoding::zstd), errc::corrupt_stream, "not zstd");
    }
}

/// --- Limits ---

TEST_P(compression_test, MoreOutputThanTheLimitIsAnError) {
    const auto packed = compress(text(5000), in_frames(GetParam(), 2500));
    decompression_options options;
    for (const std::uint64_t limit : {5000, 5001, 1 << 20}) {
        options.max_output_bytes = limit;
        EXPECT_EQ(decompress(packed, GetParam(), options).value(), text(5000));
    }
    for (const std::uint64_t limit : {0, 1, 2499, 2500, 4999}) {
        options.max_output_bytes = limit;
        const auto made = make_decompressor(GetParam(), options).value();
        for (const std::size_t piece : {1, 64, 10'000}) {
            made->reset();
            const auto read = in_pieces(*made, packed, piece, piece);
            expect_failure(read, errc::limit_exceeded, "more than " + std::to_string(limit));
            EXPECT_THAT(read.error().hint(), HasSubstr("max_output_bytes"));
        }
    }
}

TEST_P(compression_test, ABombStopsAtTheLimit) {
    const auto bomb = compress(bytes(20'000'000, '\0'), GetParam());
    decompression_options options;
    options.max_output_bytes = 1'000'000;
    expect_failure(decompress(bomb, GetParam(), options), errc::limit_exceeded, "1000000");
    const auto unlimited = make_decompressor(GetParam()).value();
    const auto all = apply(*unlimited, as_bytes(bomb), 1'000'000);
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().code(), errc::limit_exceeded);
}

TEST(zstd, AWindowBeyondTheLimitIsAnError) {
    zstd_options how(1);
    how.long_window_bytes = 1U << 20U;
    const auto compressor = make_compressor(how).value();
    // In pieces, so that the length is not known when the frame begins.
    const auto packed = in_pieces(*compressor, text(1'500'000), 10'000, 10'000).value();
    decompression_options options;
    for (const auto window : {1ULL << 20U, (1ULL << 21U) - 1, 1ULL << 40U}) {
        options.max_window_bytes = window;
        EXPECT_EQ(decompress(packed, encoding::zstd, options).value(), text(1'500'000));
    }
    for (const auto window : {0ULL, 1ULL, (1ULL << 20U) - 1}) {
        options.max_window_bytes = window;
        const auto made = make_decompressor(encoding::zstd, options).value();
        const auto read = in_pieces(*made, packed, 10'000, 10'000);
        expect_failure(read, errc::limit_exceeded, "window");
        EXPECT_THAT(read.error().hint(), HasSubstr("max_window_bytes"));
    }
}

TEST(zstd, TheDefaultWindowIsThatOfTheCommand) {
    // A frame without content: magic, no flags, a window of 2^n bytes, an empty last block.
    const auto with_window = [](int log) {
        return bytes("\x28\xB5\x2F\xFD\0", 5) + static_cast<char>((log - 10) << 3) +
               bytes("\x01\0\0", 3);
    };
    EXPECT_TRUE(decompress(with_window(27), encoding::zstd));
    expect_failure(decompress(with_window(28), encoding::zstd), errc::limit_exceeded, "134217728");
}

/// --- Content-Encoding ---

TEST(content_encoding, NamesWhatWasApplied) {
    EXPECT_THAT(parse_content_encoding("").value(), IsEmpty());
    EXPECT_THAT(parse_content_encoding("gzip").value(), ElementsAre(encoding::gzip));
    EXPECT_THAT(parse_content_encoding("zstd").value(), ElementsAre(encoding::zstd));
    EXPECT_THAT(parse_content_encoding("GZip, ZSTD").value(),
                ElementsAre(encoding::gzip, encoding::zstd));
    EXPECT_THAT(parse_content_encoding("x-gzip").value(), ElementsAre(encoding::gzip));
    EXPECT_THAT(parse_content_encoding("aws-chunked").value(), IsEmpty());
    EXPECT_THAT(parse_content_encoding(" zstd ,aws-chunked,, identity,").value(),
                ElementsAre(encoding::zstd));
    for (const auto e : both)
        EXPECT_THAT(parse_content_encoding(name_of(e)).value(), ElementsAre(e));
}

TEST(content_encoding, WhatIsNotKnownIsNamed) {
    for (const auto* value : {"br", "gzip, br", "br;q=1", "g zip", "deflate"}) {
        const auto parsed = parse_content_encoding(value);
        ASSERT_FALSE(parsed) << value;
        EXPECT_EQ(parsed.error().code(), errc::invalid_argument);
    }
    EXPECT_THAT(parse_content_encoding("gzip, br").error().detail(), HasSubstr("\"br\""));
    EXPECT_TRUE(parse_content_encoding("gzip,gzip,gzip,gzip"));
    EXPECT_THAT(parse_content_encoding("gzip,gzip,gzip,gzip,gzip").error().detail(),
                HasSubstr("more than 4"));
}

}  // namespace
}  // namespace cairn::codec
