#pragma once

#include <cairn/codec/transform.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// What the transforms of gzip and zstd have in common: streams that consist of frames.
namespace cairn::codec {

/// What one call of a library has done.
struct frame_progress {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    bool frame_ended = false;
};

/// Compresses, and ends frames where they are due.
class frame_compressor : public transform {
  public:
    result<step> run(std::span<const std::byte> in, std::span<std::byte> out, bool last) final;
    void reset() final;

  protected:
    /// @param frame_bytes input bytes a frame; 0: all of them.
    explicit frame_compressor(std::uint64_t frame_bytes) : frame_bytes_(frame_bytes) {}

    /// @param end_frame the frame ends with `in`.
    virtual frame_progress compress(std::span<const std::byte> in, std::span<std::byte> out,
                                    bool end_frame) = 0;
    /// Drops the frame at hand, or what is left of one that has ended.
    virtual void begin_frame() = 0;

  private:
    std::uint64_t room() const noexcept;

    std::uint64_t frame_bytes_;
    std::uint64_t in_frame_ = 0;
    bool any_frame_ended_ = false;
    bool ended_ = false;
};

/// Decompresses frame after frame, and sees to it that all are whole and none is too much.
class frame_decompressor : public transform {
  public:
    result<step> run(std::span<const std::byte> in, std::span<std::byte> out, bool last) final;
    void reset() final;

  protected:
    /// @param name what errors call the stream.
    frame_decompressor(std::string_view name, std::uint64_t max_output_bytes)
        : name_(name), max_output_bytes_(max_output_bytes) {}

    /// Whether a frame may begin with these bytes: one to four.
    virtual bool may_begin_with(std::span<const std::byte> head) const = 0;

    /// Into at least one byte. An error says what is wrong; where is added to it.
    virtual result<frame_progress> decompress(std::span<const std::byte> in,
                                              std::span<std::byte> out) = 0;
    virtual void begin_frame() = 0;

  private:
    /// Bytes of the frame at hand that have been consumed.
    std::uint64_t frame_offset() const noexcept { return consumed_ - frame_began_; }
    bool between_frames() const noexcept { return frame_offset() == 0; }
    bool may_go_on_with(std::span<const std::byte> in);
    result<frame_progress> advance(std::span<const std::byte> in, std::span<std::byte> out);
    result<frame_progress> one_more(std::span<const std::byte> in);
    result<void> check_end() const;
    error fail(error e);

    std::string_view name_;
    std::uint64_t max_output_bytes_;
    std::uint64_t consumed_ = 0;
    std::uint64_t produced_ = 0;
    std::uint64_t frame_began_ = 0;
    std::array<std::byte, 4> head_{};  ///< What the frame at hand begins with.
    bool drained_ = true;              ///< What has been consumed has come out.
    std::optional<error> failed_;
};

}  // namespace cairn::codec
