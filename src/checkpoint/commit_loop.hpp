#pragma once

#include "checkpoint/call.hpp"
#include "checkpoint/session.hpp"

namespace cairn::checkpoint::detail {

/// Commits `r` as the object `key`: the coroutine around `commit_machine`. Keeps `context->effect`
/// right.
awaitable<result<void>> commit(std::shared_ptr<environment> env, std::string key, record r,
                               call_ptr context);

}  // namespace cairn::checkpoint::detail
