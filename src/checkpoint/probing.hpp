#pragma once

#include "checkpoint/session.hpp"

namespace cairn::checkpoint::detail {

enum class conditional_writes { honoured, ignored };

/// What the backing makes of conditional writes: makes an object twice, and removes it.
awaitable<result<conditional_writes>> probe_conditional_writes(std::shared_ptr<environment> env);

}  // namespace cairn::checkpoint::detail
