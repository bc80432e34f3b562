#pragma once

#include "transfer/context.hpp"

#include <cairn/transfer/upload.hpp>

#include <memory>

namespace cairn::transfer {

/// Uploads a source, by one request or in parts at once.
awaitable<result<upload_output>> upload_source(std::shared_ptr<context> in, upload request);

}  // namespace cairn::transfer
