#pragma once

#include <cairn/checkpoint/backing.hpp>

#include <memory>

namespace cairn::checkpoint {

/// Keeps everything in this process's memory: for tests, and for state that may die with the
/// process. Never suspends.
std::shared_ptr<backing> memory_backing();

}  // namespace cairn::checkpoint
