"""Listening sockets made for a server to inherit."""

import socket

_BACKLOG = 4096  # every connection of a scenario arrives at once


def listen_on_loopback() -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    _avoid_bbr(listener)
    listener.bind(("127.0.0.1", 0))
    listener.listen(_BACKLOG)
    return listener


def congestion_control(listener: socket.socket) -> str:
    name = listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16)
    return name.rstrip(b"\0").decode()


def _avoid_bbr(listener: socket.socket) -> None:
    """bbr paces what it sends, which throttles loopback; accepted sockets inherit the choice."""
    for name in (b"cubic", b"reno"):
        try:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, name)
            return
        except OSError:  # not built in, or kept for the administrator
            continue
