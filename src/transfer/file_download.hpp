#pragma once

#include "transfer/context.hpp"

#include <cairn/transfer/download.hpp>

#include <memory>

namespace cairn::transfer {

/// Downloads an object to a file, in parts at once if it is large.
awaitable<result<download_output>> download_to_file(std::shared_ptr<context> in, download request);

}  // namespace cairn::transfer
