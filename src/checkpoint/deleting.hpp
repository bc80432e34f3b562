#pragma once

#include "checkpoint/call.hpp"
#include "checkpoint/session.hpp"

namespace cairn::checkpoint::detail {

awaitable<result<void>> delete_thread(std::shared_ptr<environment> env, std::string thread,
                                      call_ptr context);

/// Ends one log with a tombstone, overwrites its older slots and removes its blobs. May be
/// repeated.
awaitable<result<void>> erase_log(std::shared_ptr<environment> env, std::string thread,
                                  log_keys keys);

}  // namespace cairn::checkpoint::detail
