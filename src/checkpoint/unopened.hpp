#pragma once

#include "checkpoint/session.hpp"

namespace cairn::checkpoint::detail {

/// What a store that was never opened keeps its checkpoints in: every call fails and says so.
std::shared_ptr<environment> unopened();

}  // namespace cairn::checkpoint::detail
