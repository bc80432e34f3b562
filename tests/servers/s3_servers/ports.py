"""Loopback ports that no other run of these servers will take."""

import random
import socket

# Below Linux's ephemeral range, so that no client socket can land on one of them.
_RANGE = range(20_000, 32_000)


class Port:
    """A port reserved for as long as this object, or at most this process, lives.

    The reservation is a socket name in Linux's abstract namespace: the kernel
    gives it to one process only, and takes it back however that process ends.
    """

    def __init__(self) -> None:
        for number in random.sample(_RANGE, k=200):
            reservation = _reserve(number)
            if reservation:
                self.number = number
                self._reservation = reservation
                return
        raise RuntimeError("found no free port on 127.0.0.1")


def _reserve(number: int) -> socket.socket | None:
    reservation = socket.socket(socket.AF_UNIX)
    try:
        reservation.bind(f"\0cairn-test-port-{number}")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", number))
    except OSError:
        reservation.close()
        return None
    return reservation
