#pragma once

#include "checkpoint/session.hpp"

namespace cairn::checkpoint::detail {

/// Whether the backing honours conditional writes: makes an object twice, and removes it.
awaitable<result<bool>> honours_conditional_writes(std::shared_ptr<environment> env);

}  // namespace cairn::checkpoint::detail
