#include "codec/frames.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

namespace cairn::codec {
namespace {

// zlib counts in 32 bits.
constexpr std::size_t most_at_once = 1U << 30U;

template <class Byte>
std::span<Byte> at_most(std::span<Byte> data, std::uint64_t limit) {
    return data.first(std::min<std::uint64_t>({data.size(), limit, most_at_once}));
}

}  // namespace

std::uint64_t frame_compressor::room() const noexcept {
    if (frame_bytes_ == 0) return std::numeric_limits<std::uint64_t>::max();
    return frame_bytes_ - in_frame_;
}

result<transform::step> frame_compressor::run(std::span<const std::byte> in,
                                              std::span<std::byte> out, bool last) {
    step s;
    while (!ended_ && s.produced < out.size()) {
        const auto rest = in.subspan(s.consumed);
        const auto piece = at_most(rest, room());
        const bool input_ends = last && piece.size() == rest.size();
        const bool end_frame = input_ends || piece.size() == room();
        // No empty frame behind others.
        if (piece.empty() && in_frame_ == 0 && any_frame_ended_) {
            ended_ = last;
            break;
        }
        if (piece.empty() && !end_frame) break;
        const auto done =
            compress(piece, at_most(out.subspan(s.produced), most_at_once), end_frame);
        s.consumed += done.consumed;
        s.produced += done.produced;
        in_frame_ += done.consumed;
        if (done.frame_ended) {
            begin_frame();
            in_frame_ = 0;
            any_frame_ended_ = true;
            ended_ = input_ends;
        }
    }
    s.ended = ended_;
    return s;
}

void frame_compressor::reset() {
    begin_frame();
    in_frame_ = 0;
    any_frame_ended_ = false;
    ended_ = false;
}

result<transform::step> frame_decompressor::run(std::span<const std::byte> in,
                                                std::span<std::byte> out, bool last) {
    if (failed_) return *failed_;
    step s;
    while (s.produced < out.size()) {
        const auto rest = in.subspan(s.consumed);
        if (rest.empty() && (drained_ || between_frames())) break;
        const auto done = advance(at_most(rest, most_at_once), out.subspan(s.produced));
        if (!done) return fail(done.error());
        s.consumed += done->consumed;
        s.produced += done->produced;
    }
    if (!last || s.consumed < in.size()) return s;
    if (!between_frames() && !drained_) return s;
    if (const auto whole = check_end(); !whole) return fail(whole.error());
    s.ended = true;
    return s;
}

result<frame_progress> frame_decompressor::advance(std::span<const std::byte> in,
                                                   std::span<std::byte> out) {
    if (!may_go_on_with(in)) {
        consumed_ = frame_began_;
        return error(errc::corrupt_stream,
                     (consumed_ > 0 ? "what follows is not " : "it is not ") + std::string(name_));
    }
    const auto room = max_output_bytes_ - produced_;
    const auto into = at_most(out, room);
    auto done = room > 0 ? decompress(in, into) : one_more(in);
    if (!done) return done;
    consumed_ += done->consumed;
    produced_ += done->produced;
    drained_ = done->frame_ended || room == 0 || done->produced < into.size();
    if (done->frame_ended) {
        begin_frame();
        frame_began_ = consumed_;
    }
    return done;
}

bool frame_decompressor::may_go_on_with(std::span<const std::byte> in) {
    const auto have = frame_offset();
    if (have >= head_.size()) return true;
    const auto more = in.first(std::min<std::size_t>(in.size(), head_.size() - have));
    std::ranges::copy(more, head_.begin() + static_cast<std::ptrdiff_t>(have));
    return more.empty() || may_begin_with(std::span(head_).first(have + more.size()));
}

// The stream may still end properly, but nothing more may come out.
result<frame_progress> frame_decompressor::one_more(std::span<const std::byte> in) {
    std::array<std::byte, 1> beyond{};
    auto done = decompress(in, beyond);
    if (!done || done->produced == 0) return done;
    return error(errc::limit_exceeded, "more than " + std::to_string(max_output_bytes_) +
                                           " bytes come out, which is the limit")
        .hint("allow more output (max_output_bytes) if you trust where it comes from");
}

result<void> frame_decompressor::check_end() const {
    if (consumed_ == 0) return error(errc::corrupt_stream, "it is empty");
    if (!between_frames()) return error(errc::corrupt_stream, "it is cut short");
    return {};
}

error frame_decompressor::fail(error e) {
    failed_ = e.detail("the " + std::string(name_) + " stream, at or after byte " +
                       std::to_string(consumed_) + ": " + e.detail());
    return *failed_;
}

void frame_decompressor::reset() {
    begin_frame();
    consumed_ = 0;
    produced_ = 0;
    frame_began_ = 0;
    drained_ = true;
    failed_.reset();
}

}  // namespace cairn::codec
