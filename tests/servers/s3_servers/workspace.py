"""A temporary folder that goes away even when its owner is killed with SIGKILL."""

import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_REMOVAL_SECONDS = 20


@contextlib.contextmanager
def workspace(name: str) -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix=f"cairn-{name}-"))
    owner_is_gone, owner_is_here = os.pipe()
    janitor = os.fork()
    if janitor == 0:
        os.close(owner_is_here)
        _remove_when_closed(owner_is_gone, directory)
    os.close(owner_is_gone)
    try:
        yield directory
    finally:
        os.close(owner_is_here)
        os.waitpid(janitor, 0)


def _remove_when_closed(owner_is_gone: int, directory: Path) -> None:
    """The janitor process: outlives its parent by as long as the removal takes."""
    os.setsid()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    # A reader of our parent's output must not wait for us.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard_stream in range(3):
        os.dup2(nowhere, standard_stream)
    os.read(owner_is_gone, 1)
    # Servers that are being killed at this moment may still be writing.
    deadline = time.monotonic() + _REMOVAL_SECONDS
    while directory.exists() and time.monotonic() < deadline:
        shutil.rmtree(directory, ignore_errors=True)
        time.sleep(0.02)
    os._exit(0)
