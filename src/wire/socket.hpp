#pragma once

namespace cairn::wire {

/// True while the peer of a connected socket has neither sent nor closed anything.
bool socket_is_quiet(int fd) noexcept;

}  // namespace cairn::wire
