#pragma once

#include "checkpoint/call.hpp"
#include "checkpoint/session.hpp"

namespace cairn::checkpoint::detail {

awaitable<result<snapshot>> load_latest(session_ptr s, call_ptr context);
awaitable<result<snapshot>> load_by_id(session_ptr s, std::string id, call_ptr context);

}  // namespace cairn::checkpoint::detail
