"""Child processes that never outlive us."""

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class Interrupted(BaseException):
    """A signal asked us to stop; everything unwinds from where it arrived."""

    def __init__(self, signum: int) -> None:
        super().__init__(signal.Signals(signum).name)
        self.signum = signum


def unwind_on_signals() -> None:
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(signum: int, _frame: object) -> None:
        # One interruption is enough: the next must not disturb the clean-up.
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(signum)

    for each in signals:
        signal.signal(each, interrupt)


def die_with_parent(parent: int, signum: int = signal.SIGKILL) -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signum)
    if os.getppid() != parent:  # it died before we asked to be told
        os.kill(os.getpid(), signum)


def start(arguments: Sequence[str | Path], **options) -> subprocess.Popen:
    return subprocess.Popen([str(each) for each in arguments], preexec_fn=_bound_to_us(), **options)


def run(arguments: Sequence[str | Path], **options) -> subprocess.CompletedProcess:
    return subprocess.run([str(each) for each in arguments], preexec_fn=_bound_to_us(), **options)


def _bound_to_us() -> Callable[[], None]:
    return functools.partial(die_with_parent, os.getpid())


def is_stopped(pid: int) -> bool:
    """Whether all threads of a process are, as by SIGSTOP."""
    states = (task.joinpath("stat").read_text().rpartition(")")[2].split()[0]
              for task in Path(f"/proc/{pid}/task").iterdir())
    return all(state in "Tt" for state in states)


def open_files_of(pid: int) -> set[str]:
    """What a process's descriptors stand for, sockets as "socket:[INODE]"."""
    names = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            names.add(os.readlink(descriptor))
    return names


def run_in_foreground(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Runs a command to its end and returns its exit code as a shell would."""
    try:
        process = start(arguments, env=environment)
    except FileNotFoundError as missing:
        print(f"serve.py: {missing}", file=sys.stderr)
        return 127
    try:
        status = process.wait()
    except Interrupted as interruption:
        _stop(process, interruption.signum)
        raise
    return status if status >= 0 else 128 - status


def _stop(process: subprocess.Popen, signum: int) -> None:
    # A terminal's Ctrl-C has gone to the command too, so it gets time before it is told again.
    if signum != signal.SIGINT or not _ends_within(process, 2):
        process.terminate()
    if not _ends_within(process, 5):
        process.kill()
        process.wait()


def _ends_within(process: subprocess.Popen, seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def kill_group(process: subprocess.Popen) -> None:
    """Ends a process that leads its own group, and all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
