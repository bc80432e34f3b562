#pragma once

#include "transfer/context.hpp"

#include <cairn/transfer/download.hpp>

#include <memory>

namespace cairn::transfer {

/// Downloads an object to a file, without the encodings that it is stored in.
awaitable<result<download_output>> download_decoded(std::shared_ptr<context> in, download request);

}  // namespace cairn::transfer
