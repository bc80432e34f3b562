#pragma once

#include "checkpoint/call.hpp"
#include "checkpoint/session.hpp"

namespace cairn::checkpoint::detail {

awaitable<result<info>> save(session_ptr s, draft next, call_ptr context);

}  // namespace cairn::checkpoint::detail
