"""Runs programs to their end, and tells what all of each one used."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from s3_servers import processes

from .clients import ClientFailed, Measurement

_LIMIT_SECONDS = 900


class Meter:
    def __init__(self, program: Path, core: int) -> None:
        self._program = program
        self._core = core

    def run(self, arguments: Sequence[str | Path], environment: Mapping[str, str], home: Path,
            requests: int = 1, transferred: int = 0) -> Measurement:
        report, said = home / "usage.json", home / "client.log"
        with said.open("w") as output:
            try:
                done = processes.run(
                    ["taskset", "-c", self._core, self._program, report, *arguments],
                    env=environment, cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    stderr=output, timeout=_LIMIT_SECONDS)
            except subprocess.TimeoutExpired:
                raise ClientFailed(f"{arguments[0]}: still running after 15 minutes") from None
        if done.returncode != 0:
            command = " ".join(map(str, arguments))
            raise ClientFailed(f"{command}: exit code {done.returncode}\n{said.read_text()[-2000:]}")
        return Measurement(requests, transferred, **json.loads(report.read_text()))
