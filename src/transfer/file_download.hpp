#pragma once

#include "transfer/context.hpp"

#include <cairn/core/result.hpp>
#include <cairn/transfer/download.hpp>

#include <memory>

namespace cairn::transfer {

/// One try to bring an object into a file as it is, in parts.
awaitable<result<download_output>> bring_file(std::shared_ptr<context> in, const download& request);

}  // namespace cairn::transfer
