"""One large file up and down again, in parts, with CRC64NVME where a program can."""

import dataclasses
import filecmp
from collections.abc import Sequence
from pathlib import Path

from . import content, contest, gateway, host_memory
from .clients import ClientFailed, Measurement
from .contest import Task
from .gateway import Gateway
from .metered import Meter
from .results import Results
from .scenarios import PER_GIB
from .transfer_clients import PART_BYTES, Client

_KEY = "big"


@dataclasses.dataclass(frozen=True)
class Transfer(Task):
    operation: str = "put"
    tls: bool = False


def _transfer(name: str, title: str, goal: float, **more) -> Transfer:
    return Transfer(name, title, PER_GIB, goal, rss_goal_mib=24, **more)


TASKS = (
    _transfer("put", "upload", 1.2),
    _transfer("put-tls", "upload, TLS 1.3", 1.2, tls=True),
    _transfer("get", "download", 1.15, operation="get"),
    _transfer("get-tls", "download, TLS 1.3", 1.15, operation="get", tls=True),
)


def measure(tasks: Sequence[Transfer], clients: Sequence[Client], cairn: Client, meter: Meter,
            size: int, rounds: int) -> Results:
    results = {}
    for tls in sorted({each.tls for each in tasks}):
        with gateway.start(tls) as server:
            course = _Course(server, meter, size)
            starts = {each.name: course.start_of(each) for each in clients if each.is_script}
            course.put(cairn, _KEY)
            results |= contest.hold(
                [each for each in tasks if each.tls == tls], clients, rounds,
                lambda task, client: contest.without(course.run(task.operation, client),
                                                     starts.get(client.name)))
    return results


class _Course:
    """A server with a bucket, and a file to bring there."""

    def __init__(self, server: Gateway, meter: Meter, size: int) -> None:
        self._server = server
        self._meter = meter
        self._size = size
        self._source = server.home / "source"
        content.write_object(self._source, size)
        host_memory.take(3 * size, server.home)
        server.stored.mkdir()

    def start_of(self, client: Client) -> Measurement:
        return self._run("nothing", client, self._source, "none")

    def run(self, operation: str, client: Client) -> Measurement:
        if operation == "get":
            return self._get(client)
        measured = self.put(client, client.name)
        (self._server.stored / client.name).unlink()
        return measured

    def put(self, client: Client, key: str) -> Measurement:
        measured = self._run("put", client, self._source, key)
        stored = self._server.stored / key
        right = (content.is_part_of_object(stored, PART_BYTES) if client.keeps_one_part
                 else filecmp.cmp(stored, self._source, shallow=False))
        if not right:
            raise ClientFailed(f"{client.name} uploads something else than it should")
        return measured

    def _get(self, client: Client) -> Measurement:
        fetched = self._server.home / "fetched"
        measured = self._run("get", client, fetched, _KEY)
        if not filecmp.cmp(fetched, self._source, shallow=False):
            raise ClientFailed(f"{client.name} makes something else of what it downloads")
        fetched.unlink()
        return measured

    def _run(self, operation: str, client: Client, file: Path, key: str) -> Measurement:
        return self._meter.run(client.command(operation, self._server, file, key),
                               self._server.environment, self._server.home,
                               transferred=self._size)
