#pragma once

#include "transfer/context.hpp"

#include <cairn/transfer/sync.hpp>

#include <memory>

/// One tree made like another. Both are listed before anything is changed.
namespace cairn::transfer {

awaitable<result<sync_plan>> plan_of(std::shared_ptr<context> in, sync what);
awaitable<result<sync_output>> sync_trees(std::shared_ptr<context> in, sync what);
awaitable<result<sync_output>> sync_trees(std::shared_ptr<context> in, sync what, sync_plan plan);

}  // namespace cairn::transfer
