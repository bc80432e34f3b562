#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace cairn {

/// Where cairn takes its randomness from; injected, so that runs can be repeated.
///
/// Implementations are safe to call from several threads.
class random {
  public:
    virtual ~random() = default;
    virtual void fill(std::span<std::byte> out) noexcept = 0;

    std::uint64_t next_u64() noexcept;
    /// From 0 to 1, both included.
    double next_part() noexcept;
    /// `count` random bytes as lower-case hexadecimal.
    std::string hex(std::size_t count);
};

/// The kernel's generator, getrandom(2).
std::shared_ptr<random> system_random();

}  // namespace cairn
