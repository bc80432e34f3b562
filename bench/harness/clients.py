"""Runs one client program once, and makes sure that it did what it claims."""

import dataclasses
import json
import subprocess
from pathlib import Path

from s3_servers import processes

from . import content
from .nginx import BUCKET, Nginx
from .scenarios import SMALL_OBJECT_BYTES, Scenario

NAMES = ("floor", "cairn", "libcurl")


class ClientFailed(Exception):
    """A client did not do its work, or not all of it; the text says what went wrong."""


@dataclasses.dataclass(frozen=True)
class Measurement:
    requests: int
    bytes: int
    user_seconds: float
    system_seconds: float
    wall_seconds: float
    peak_rss_kib: int

    @property
    def cpu_seconds(self) -> float:
        return self.user_seconds + self.system_seconds


class Client:
    def __init__(self, name: str, programs: Path, core: int) -> None:
        self.name = name
        self._program = programs / f"bench-{name}"
        self._core = core

    def measure(self, scenario: Scenario, server: Nginx) -> Measurement:
        connections_before, requests_before = server.counters()
        key = "dropped" if scenario.operation == "put" else _object_key(scenario)
        measurement = self._run(scenario, server, key)
        connections_after, requests_after = server.counters()
        # Each connection is warmed up by one request, which the client leaves out of its figures.
        expected = {
            "requests": (scenario.requests, measurement.requests),
            "bytes": (scenario.requests * scenario.request_bytes, measurement.bytes),
            "requests that the server saw": (scenario.requests + scenario.connections,
                                             requests_after - requests_before),
            "connections": (scenario.connections, connections_after - connections_before),
        }
        for what, (wanted, got) in expected.items():
            if wanted != got:
                raise ClientFailed(f"{self.name}, {scenario.name}: {got} {what}, not {wanted}")
        return measurement

    def check_upload(self, server: Nginx) -> None:
        """One upload that the server keeps: is it what should have been sent?"""
        # The warm-up is that one.
        one = Scenario("upload", "", unit=None, connections=1, requests=0, operation="put",
                       request_bytes=SMALL_OBJECT_BYTES, object_bytes=SMALL_OBJECT_BYTES)
        self._run(one, server, f"stored/{self.name}")
        if not content.is_object(server.stored / self.name, SMALL_OBJECT_BYTES):
            raise ClientFailed(f"{self.name} uploads something else than it should")

    def _run(self, scenario: Scenario, server: Nginx, key: str) -> Measurement:
        try:
            done = processes.run(["taskset", "-c", self._core, self._program,
                                  *_arguments(scenario, server, key)],
                                 capture_output=True, text=True, timeout=600)
        except subprocess.TimeoutExpired:
            raise ClientFailed(f"{self.name}, {scenario.name}: still running after 10 minutes") from None
        if done.returncode != 0:
            reason = done.stderr.strip() or f"exit code {done.returncode}"
            raise ClientFailed(f"{self.name}, {scenario.name}: {reason}")
        return Measurement(**json.loads(done.stdout))


def _object_key(scenario: Scenario) -> str:
    return "small" if scenario.object_bytes == SMALL_OBJECT_BYTES else "big"


def _arguments(scenario: Scenario, server: Nginx, key: str) -> list[str]:
    named = {
        "operation": scenario.operation, "host": "127.0.0.1", "port": server.port(scenario.tls),
        "bucket": BUCKET, "key": key, "object-bytes": scenario.object_bytes,
        "request-bytes": scenario.request_bytes, "connections": scenario.connections,
        "requests": scenario.requests,
    }
    if scenario.tls:
        named["ca-file"] = server.authority
    return [text for name, value in named.items() for text in (f"--{name}", str(value))]
