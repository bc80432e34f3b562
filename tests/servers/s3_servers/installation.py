"""Installs once, safely beside other installs, and says what is missing when it cannot."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import processes

_REPOSITORY = Path(__file__).resolve().parents[3]


class MissingPrerequisite(Exception):
    """This machine lacks what a server needs; the message says what to do."""


class InstallFailed(Exception):
    pass


def root() -> Path:
    return Path(os.environ.get("CAIRN_SERVERS_DIR") or _REPOSITORY / "build" / "servers").resolve()


def folder_of(name: str) -> Path:
    return root() / name


def install_once(name: str, version: str, require: Callable[[], None],
                 build: Callable[[Path], None]) -> None:
    """Builds that version in an empty folder of its own, unless it is there already.

    The version is stamped last: a broken install is never taken for a whole one.
    """
    folder, stamp = folder_of(name), root() / f"{name}.version"
    root().mkdir(parents=True, exist_ok=True)
    with _lock(root() / f"{name}.lock"):
        if stamp.exists() and stamp.read_text() == version:
            return
        require()
        say(f"installing {name}, which takes a while the first time")
        stamp.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        build(folder)
        stamp.write_text(version)


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run_step(arguments: Sequence[str | Path], **environment: str) -> None:
    """Runs one command of an install; its output matters only when it fails."""
    step = processes.run(arguments, env=os.environ | environment, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         text=True, errors="replace")
    if step.returncode != 0:
        raise InstallFailed(f"{' '.join(map(str, arguments))}\n{step.stdout[-4000:]}")


def install_debian_packages(names: Sequence[str]) -> None:
    root().mkdir(parents=True, exist_ok=True)
    with _lock(root() / "apt.lock"):
        if all(_is_installed(name) for name in names):
            return
        what = f"Debian packages {' '.join(names)}"
        if not shutil.which("apt-get"):
            raise MissingPrerequisite(f"{what}: this system has no apt-get")
        if os.geteuid() != 0 and not shutil.which("sudo"):
            raise MissingPrerequisite(f"{what}: as root, apt-get install {' '.join(names)}")
        say(f"installing {what}")
        sudo = [] if os.geteuid() == 0 else ["sudo"]
        apt_get = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y",
                   "-o", "DPkg::Lock::Timeout=300"]
        run_step([*apt_get, "update"])
        run_step([*apt_get, "install", "--no-install-recommends", *names])


def _is_installed(package: str) -> bool:
    query = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}", package],
                           capture_output=True, text=True)
    return query.stdout == "installed"


def say(message: str) -> None:
    print(f"serve.py: {message}", file=sys.stderr, flush=True)
