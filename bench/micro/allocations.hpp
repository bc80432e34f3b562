#pragma once

#include <cstddef>

namespace cairn::bench {

/// How often the program has called `operator new`.
std::size_t allocations() noexcept;

}  // namespace cairn::bench
