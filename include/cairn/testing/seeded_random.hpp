#pragma once

#include <cairn/core/random.hpp>

#include <array>
#include <mutex>

namespace cairn::testing {

/// Chance that can be repeated: the same seed gives the same bytes, with every compiler and on
/// every machine.
///
/// Not for secrets. Thread safety: as `random`'s; calls from several threads are in whatever order
/// they come.
class seeded_random final : public random {
  public:
    explicit seeded_random(std::uint64_t seed) noexcept;
    void fill(std::span<std::byte> out) noexcept override;

    /// From 0 to `end`, without `end`, which is at least 1.
    std::uint64_t below(std::uint64_t end) noexcept { return next_u64() % end; }
    /// True `probability` of the time: never at 0, always at 1, and neither draws anything.
    bool chance(double probability) noexcept;

  private:
    std::uint64_t next() noexcept;

    std::mutex mutex_;
    std::array<std::uint64_t, 4> state_;
};

}  // namespace cairn::testing
