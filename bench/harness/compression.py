"""zstd of level 1, by cairn and by zstd's own command."""

import dataclasses
import filecmp
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

from s3_servers.workspace import workspace

from . import contest
from .clients import ClientFailed, Measurement
from .contest import Task
from .metered import Meter
from .results import Results
from .scenarios import PER_GIB

TASK = Task("zstd-1", "zstd of level 1", PER_GIB, goal=1.1)

_LINES_AT_ONCE = 100_000
_WORDS = ("GET ", "PUT ", "/photos/", "/videos/", "cat", "dog", ".jpg ")


@dataclasses.dataclass(frozen=True)
class Compressor:
    name: str
    command: Callable[[Path, Path], list[str | Path]]


def compressors(programs: Path) -> tuple[Compressor, ...]:
    return (
        Compressor("zstd -1", lambda plain, packed: [
            "zstd", "-1", "--single-thread", "-q", "-f", plain, "-o", packed]),
        Compressor("cairn", lambda plain, packed: [
            programs / "bench-compression", plain, packed]),
    )


def measure(contestants: tuple[Compressor, ...], meter: Meter, size: int, rounds: int) -> Results:
    with workspace("compression") as home:
        plain, packed, unpacked = home / "plain", home / "packed", home / "unpacked"
        _write_log(plain, size)

        def run(_task: Task, by: Compressor) -> Measurement:
            measured = meter.run(by.command(plain, packed), os.environ, home, transferred=size)
            subprocess.run(["zstd", "-d", "-q", "-f", packed, "-o", unpacked], check=True)
            if not filecmp.cmp(plain, unpacked, shallow=False):
                raise ClientFailed(f"{by.name} compresses something else than it should")
            return measured

        return contest.hold([TASK], contestants, rounds, run)


def _write_log(path: Path, size: int) -> None:
    """Lines of a log, which become about a fifth; the same in every run."""
    numbers = random.Random(1)
    with path.open("w") as file:
        while file.tell() < size:
            words = numbers.choices(_WORDS, k=6 * _LINES_AT_ONCE)
            file.writelines("".join(words[at:at + 6]) + f"{numbers.randrange(1_000_000)}\n"
                            for at in range(0, len(words), 6))
        file.truncate(size)
