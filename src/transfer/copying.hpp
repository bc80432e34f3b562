#pragma once

#include "transfer/context.hpp"

#include <cairn/transfer/copy.hpp>

#include <memory>

namespace cairn::transfer {

/// Copies an object, by one request or in parts at once.
awaitable<result<copy_output>> copy_within_s3(std::shared_ptr<context> in, copy request);

/// Copies an object, looks at the copy, and deletes the source.
awaitable<result<copy_output>> move_within_s3(std::shared_ptr<context> in, move request);

}  // namespace cairn::transfer
