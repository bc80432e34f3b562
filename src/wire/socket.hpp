#pragma once

namespace cairn::wire {

/// True while the peer of a connected socket has neither sent nor closed anything.
bool socket_is_quiet(int fd) noexcept;

/// Ends both directions; whoever waits for the socket finds it readable and writable. Unlike
/// Asio's own calls it touches nothing but the kernel's state, so that it may come from any thread.
void shut_down(int fd) noexcept;

}  // namespace cairn::wire
