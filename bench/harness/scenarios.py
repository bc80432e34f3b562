"""What is measured, and what cairn should reach."""

import dataclasses

KIB, MIB, GIB = 1024, 1024**2, 1024**3

# What the clients ask for; the big one is read again and again, which keeps 4 GiB out of memory.
BIG_OBJECT_BYTES = 256 * MIB
SMALL_OBJECT_BYTES = 4 * KIB

REFERENCE = "get-4k-64"


@dataclasses.dataclass(frozen=True)
class Unit:
    name: str
    digits: int
    per_request: bool

    def cost(self, cpu_seconds: float, requests: int, transferred: int) -> float:
        if self.per_request:
            return cpu_seconds * 1000 / (requests / 1000)
        return cpu_seconds / (transferred / GIB)


PER_GIB = Unit("CPU-s/GiB", 3, per_request=False)
PER_THOUSAND = Unit("CPU-ms/1000", 1, per_request=True)


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    unit: Unit
    connections: int
    requests: int
    request_bytes: int
    object_bytes: int
    operation: str = "get"
    tls: bool = False
    floor_goal: float | None = None      # at most this many times the floor
    reference_goal: float | None = None  # at most this many times cairn's own cost in REFERENCE
    rss_goal_mib: float | None = None

    def scaled(self, factor: float) -> "Scenario":
        requests = max(int(self.requests * factor), self.connections)
        return dataclasses.replace(self, requests=requests)


def _ranges(name: str, title: str, **more) -> Scenario:
    return Scenario(name, title, PER_GIB, connections=16, requests=4 * GIB // (8 * MIB),
                    request_bytes=8 * MIB, object_bytes=BIG_OBJECT_BYTES, rss_goal_mib=24, **more)


def _small(name: str, title: str, connections: int, requests: int, **more) -> Scenario:
    return Scenario(name, title, PER_THOUSAND, connections, requests,
                    request_bytes=SMALL_OBJECT_BYTES, object_bytes=SMALL_OBJECT_BYTES, **more)


ALL = (
    _ranges("get-8m", "GET 4 GiB in 8 MiB ranges, 16 connections", floor_goal=1.15),
    _ranges("get-8m-tls", "the same over TLS 1.3", tls=True, floor_goal=1.05),
    _small(REFERENCE, "GET 4 KiB, 64 connections", 64, 150_000, floor_goal=14 / 7.8),
    _small("put-4k-64", "PUT 4 KiB, 64 connections", 64, 100_000, operation="put",
           floor_goal=22 / 14.2),
    _small("get-4k-1", "GET 4 KiB, 1 connection", 1, 50_000, reference_goal=1.25),
    _small("get-4k-1024", "GET 4 KiB, 1,024 connections", 1024, 150_000, reference_goal=1.25),
)
