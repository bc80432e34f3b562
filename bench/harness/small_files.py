"""Many small files up, listed, down and deleted, each program as it is by default."""

import dataclasses
import shutil
from collections.abc import Sequence
from pathlib import Path

from . import content, contest, gateway
from .clients import ClientFailed, Measurement
from .contest import Task
from .gateway import Gateway
from .metered import Meter
from .results import Results
from .scenarios import PER_THOUSAND, SMALL_OBJECT_BYTES
from .transfer_clients import Client

_OBJECT = dataclasses.replace(PER_THOUSAND, name="ms per 1,000 objects")

TASKS = tuple(Task(name, title, _OBJECT) for name, title in (
    ("put", "up"), ("list", "listed"), ("get", "down"), ("delete", "deleted")))


def measure(clients: Sequence[Client], meter: Meter, count: int, rounds: int) -> Results:
    with gateway.start(tls=False) as server:
        course = _Course(server, meter, count)
        starts = {each.name: course.run("nothing", each) for each in clients if each.is_script}
        return contest.hold(
            TASKS, clients, rounds,
            lambda task, client: contest.without(course.run(task.name, client),
                                                 starts.get(client.name)))


class _Course:
    def __init__(self, server: Gateway, meter: Meter, count: int) -> None:
        self._server = server
        self._meter = meter
        self._count = count
        self._files = server.home / "files"
        self._files.mkdir()
        for number in range(count):
            content.write_object(self._files / f"{number:06}", SMALL_OBJECT_BYTES)
        server.stored.mkdir()

    def run(self, operation: str, client: Client) -> Measurement:
        fetched = self._server.home / "fetched"
        fetched.mkdir()
        folder = fetched if operation == "get" else self._files
        measured = self._meter.run(
            client.command(operation, self._server, folder, f"{client.name}/"),
            self._server.environment, self._server.home, requests=self._count)
        self._check(operation, client, fetched)
        shutil.rmtree(fetched)
        return measured

    def _check(self, operation: str, client: Client, fetched: Path) -> None:
        stored = self._server.stored / client.name
        wanted = {"put": (stored, self._count), "get": (fetched, self._count),
                  "delete": (stored, 0)}
        if operation not in wanted:
            return
        folder, count = wanted[operation]
        files = list(folder.iterdir()) if folder.exists() else []
        if len(files) != count or not all(content.is_object(each, SMALL_OBJECT_BYTES)
                                          for each in files):
            raise ClientFailed(f"{client.name}, {operation}: {len(files)} files, not {count}, or "
                               "not as they should be")
