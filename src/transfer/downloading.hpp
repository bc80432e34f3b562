#pragma once

#include "transfer/context.hpp"

#include <cairn/core/result.hpp>
#include <cairn/transfer/download.hpp>

#include <memory>

namespace cairn::transfer {

/// Brings an object into a file, in as many tries as a changing one is worth.
awaitable<result<download_output>> download_object(std::shared_ptr<context> in, download request);

}  // namespace cairn::transfer
