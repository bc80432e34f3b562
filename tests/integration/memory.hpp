#pragma once

#include <cstddef>

namespace cairn::test {

/// From now on `peak_memory_growth_bytes` counts afresh.
class memory_watch {
  public:
    memory_watch();
    /// How much more memory than at the start this process has had at any time since. Zero where it
    /// can't be told, as under a sanitizer, which has memory of its own.
    std::size_t growth_bytes() const;

  private:
    std::size_t before_ = 0;
};

}  // namespace cairn::test
