"""What every server has in common: a site to run in, and a way to tell that it is ready."""

import contextlib
import dataclasses
import http.client
import os
import signal
import ssl
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import processes
from .certificates import Certificates, make_certificates
from .ports import Port
from .workspace import workspace

_READY_SECONDS = 180
_POLL_SECONDS = 0.05
_DOMAIN = "s3.localhost"


class StartFailed(Exception):
    pass


class Site:
    """One run of a server: its folder, its port, its certificates and its processes."""

    domain = _DOMAIN

    def __init__(self, directory: Path, host: str, tls: bool) -> None:
        self.directory = directory
        self.host = host
        self.reserved_port = Port()
        self.port = self.reserved_port.number  # a server that has found one itself says which
        self.certificates: Certificates | None = (
            make_certificates(directory / "tls") if tls else None)
        self._processes: list[tuple[subprocess.Popen, Path]] = []
        self._started: list[tuple[Sequence[str | Path], dict[str, str]]] = []
        (directory / "tmp").mkdir()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def virtual_host_suffix(self) -> str:
        return f"{self.domain}:{self.port}"

    @property
    def endpoint(self) -> str:
        return f"{'https' if self.certificates else 'http'}://{self.host}:{self.port}"

    def start(self, arguments: Sequence[str | Path], **environment: str) -> None:
        self._started.append((arguments, environment))
        log = self.directory / f"{Path(arguments[0]).name}.log"
        with log.open("ab") as output:
            process = processes.start(
                arguments, env=self._environment(environment), cwd=self.directory,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True)  # a Ctrl-C is for us; we stop the server
        self._processes.append((process, log))

    def run(self, arguments: Sequence[str | Path], seconds: float = 60) -> str:
        """Runs a short command of a server's set-up and returns what it printed."""
        try:
            step = processes.run(arguments, cwd=self.directory,
                                 env=self._environment({}), stdin=subprocess.DEVNULL,
                                 capture_output=True, text=True, timeout=seconds)
        except subprocess.TimeoutExpired as slow:
            raise StartFailed(f"{arguments[0]} took more than {seconds} s") from slow
        if step.returncode != 0:
            raise StartFailed(f"{' '.join(map(str, arguments))}\n{step.stdout}{step.stderr}")
        return step.stdout

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not condition():
            self._require_running()
            if time.monotonic() > deadline:
                raise StartFailed(f"not {what} after {_READY_SECONDS} s\n{self._log_tails()}")
            time.sleep(_POLL_SECONDS)

    def get(self, path: str) -> tuple[int, bytes]:
        """A GET at the server: status and body; status 0 while nobody answers."""
        with contextlib.closing(self._connect()) as connection:
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                return response.status, response.read()
            except (OSError, http.client.HTTPException):
                return 0, b""

    def stop(self) -> None:
        # Nothing that a server holds is kept, so there is nothing for it to put in order.
        self.kill()

    def kill(self) -> None:
        """SIGKILL for all of the server; what is on disk stays."""
        for process, _ in reversed(self._processes):
            processes.kill_group(process)

    def restart(self) -> None:
        """Starts what was killed again, on the same port and folder, and returns when it serves."""
        again, self._started, self._processes = self._started, [], []
        for arguments, environment in again:
            self.start(arguments, **environment)
        self.wait_until(lambda: self.get("/")[0] != 0, "ready again")

    def freeze(self) -> None:
        """From now on the server is silent: connections open, and nothing comes."""
        self._signal(signal.SIGSTOP)
        # The signal is sent, but a thread on another core may yet answer.
        self.wait_until(lambda: all(map(processes.is_stopped, self._pids())), "frozen")

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, signum: int) -> None:
        for pid in self._pids():
            os.killpg(pid, signum)

    def _pids(self) -> list[int]:
        return [process.pid for process, _ in self._processes]

    def _connect(self) -> http.client.HTTPConnection:
        if not self.certificates:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        trust = ssl.create_default_context(cafile=str(self.certificates.authority))
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=trust)

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        # Not the user's own: a server must not find anyone's settings or credentials.
        return {"PATH": os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin",
                "LANG": "C.UTF-8", "HOME": str(self.directory),
                "TMPDIR": str(self.directory / "tmp"), **more}

    def _require_running(self) -> None:
        for process, log in self._processes:
            if process.poll() is not None:
                raise StartFailed(f"{log.stem} ended with {process.returncode}\n{_tail(log)}")

    def _log_tails(self) -> str:
        return "\n".join(f"{log.name}:\n{_tail(log)}" for _, log in self._processes)


def _tail(log: Path, lines: int = 30) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


@dataclasses.dataclass(frozen=True)
class Credentials:
    access_key: str
    secret_key: str


class Server(ABC):
    name: str
    version: str
    region = "us-east-1"
    credentials = Credentials("cairn-test-access", "cairn-test-secret")
    tls_host = "localhost"
    kms_key_id: str | None = None  # a key that SSE-KMS requests may name

    @abstractmethod
    def install(self) -> None:
        """Makes the server ready to start; does nothing when it is."""

    @abstractmethod
    def start(self, site: Site) -> None:
        """Starts the server's processes and returns when it serves requests."""

    @contextlib.contextmanager
    def running(self, tls: bool) -> Iterator[Site]:
        with workspace(self.name) as directory:
            site = Site(directory, self.tls_host if tls else "127.0.0.1", tls)
            try:
                self.start(site)
                yield site
            finally:
                site.stop()
