"""Servers that are Go programs, built from the Go module proxy."""

import re
import shutil
import subprocess
from pathlib import Path

from .installation import MissingPrerequisite, folder_of, install_once, run_step
from .server import Server

_MINIMUM = (1, 24)


class GoProgram(Server):
    package: str

    @property
    def program(self) -> Path:
        return folder_of(self.name) / self.package.rsplit("/", 1)[-1]

    def install(self) -> None:
        install_go_program(self.name, self.package, self.version)


def install_go_program(name: str, package: str, version: str) -> None:
    def build(folder: Path) -> None:
        run_step(["go", "install", "-ldflags=-s -w", f"{package}@{version}"], GOBIN=str(folder))

    install_once(name, version, _require_go, build)


def _require_go() -> None:
    if _go_version() < _MINIMUM:
        wanted = ".".join(map(str, _MINIMUM))
        raise MissingPrerequisite(
            f"Go >= {wanted}: install it from https://go.dev/dl and put its bin folder on PATH")


def _go_version() -> tuple[int, int]:
    if not shutil.which("go"):
        return 0, 0
    told = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True).stdout
    found = re.match(r"go(\d+)\.(\d+)", told)
    return (int(found[1]), int(found[2])) if found else (0, 0)
