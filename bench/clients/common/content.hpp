#pragma once

#include "workload.hpp"

#include <span>
#include <string>

namespace cairn::bench {

/// The benchmark's object: its 8-byte words are numbered, little-endian, so that any word tells
/// where it belongs.
std::string make_content(std::uint64_t size);

/// Checks a body as it arrives: its length, and one word of every piece, which costs next to
/// nothing.
class content_check {
  public:
    content_check() = default;
    explicit content_check(const slice& expected)
        : position_(expected.first), end_(expected.first + expected.length) {}

    /// Throws `std::runtime_error` when the piece is not what belongs here.
    void feed(std::span<const char> piece);
    std::uint64_t missing() const { return end_ - position_; }
    /// Throws `std::runtime_error` unless all has come.
    void finish() const;

  private:
    std::uint64_t position_ = 0;
    std::uint64_t end_ = 0;
};

}  // namespace cairn::bench
