#pragma once

#include <cairn/core/random.hpp>

#include <algorithm>

namespace cairn::test {

/// Chance that always falls on the same side: the least number, or the greatest.
class constant_random final : public random {
  public:
    enum class side { least, greatest };

    explicit constant_random(side which)
        : byte_(which == side::least ? std::byte{0} : std::byte{0xff}) {}
    void fill(std::span<std::byte> out) noexcept override { std::ranges::fill(out, byte_); }

  private:
    std::byte byte_;
};

}  // namespace cairn::test
