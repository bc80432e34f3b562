"""What tests that run the `cairn` command beside an S3 server share."""

import errno
import itertools
import json
import os
import platform
import re
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))

import serve
from s3_servers import SERVERS, processes
from s3_servers.server import Server, Site
from s3_servers.signed import get, put

PATIENCE_SECONDS = 60  # only what hangs takes that long
MIB = 1 << 20
LONG_AGO = 1_600_000_000

DONE, FAILED, MISUSED = 0, 1, 2

# Runs a program of which each call of one function of the system fails, as seccomp(2) has it.
FAILING = """
import ctypes, os, struct, sys
call, code = map(int, sys.argv[1:3])
fail, allow = 0x50000 | code, 0x7FFF0000
steps = [(0x20, 0, 0, 0), (0x15, 0, 1, call), (0x06, 0, 0, fail), (0x06, 0, 0, allow)]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
prctl = ctypes.CDLL(None, use_errno=True).prctl
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38
prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
if prctl(PR_SET_SECCOMP, 2, struct.pack("HP", len(steps), ctypes.addressof(code))) != 0:
    raise OSError(ctypes.get_errno(), "seccomp")
os.execv(sys.argv[3], sys.argv[3:])
"""


def failing(code: int, **calls: int) -> Sequence[str]:
    """What to run a program under, so that a call fails, by its number on each machine."""
    return sys.executable, "-c", FAILING, str(calls.get(platform.machine())), str(code)


FSYNC_FAILS = failing(errno.EIO, x86_64=74, aarch64=82)
UNLINK_FAILS = failing(errno.EACCES, x86_64=87, aarch64=35)


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


class Relay(socketserver.ThreadingTCPServer):
    """Passes connections on to a server. `hear` is told the first line of each request and of each
    reply, and what it does is done before they are passed on."""

    daemon_threads = True

    def __init__(self, site: Site, hear: Callable[[str], None]) -> None:
        super().__init__(("127.0.0.1", 0), RelayedConnection)
        self.site, self.hear = site, hear
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __exit__(self, *why) -> None:
        self.shutdown()
        self.server_close()


class RelayedConnection(socketserver.BaseRequestHandler):
    server: Relay

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.site.port)) as upstream:
            back = threading.Thread(target=self.pass_on, args=(upstream, self.request))
            back.start()
            self.pass_on(self.request, upstream)
            back.join()

    def pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(1 << 16):
                first_line = data.split(b"\r\n", 1)[0]
                if b"HTTP/1.1" in first_line:
                    self.server.hear(first_line.decode())
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # one of both has gone


class ToolCase(unittest.TestCase):
    """A test with a bucket and a folder of its own."""

    program: str
    server: Server
    site: Site
    numbers = itertools.count()

    def setUp(self) -> None:
        self.bucket = f"bucket-{next(self.numbers)}"
        put(self.server, self.site, f"/{self.bucket}")
        self.url = f"s3://{self.bucket}"
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.environment = serve.environment_for(self.server, self.site)

    def run_tool(self, *arguments: str, status: int = DONE, input: bytes | None = None,
                 under: Sequence[str] = (), **environment: str) -> tuple[bytes, str]:
        """Runs it to its end, by the program `under` if one is given; gives its output, and what
        it says on stderr."""
        ended = processes.run([*under, self.program, *arguments], cwd=self.folder, input=input,
                              capture_output=True, timeout=PATIENCE_SECONDS,
                              env=self.environment | environment)
        said = ended.stderr.decode()
        self.assertEqual(ended.returncode, status, f"{arguments}\n{ended.stdout[:1000]}\n{said}")
        return ended.stdout, said

    def cairn(self, *arguments: str, **how) -> str:
        return self.run_tool(*arguments, **how)[0].decode()

    def errors(self, *arguments: str, status: int = FAILED, **how) -> str:
        return self.run_tool(*arguments, status=status, **how)[1]

    def errors_through(self, hear: Callable[[str], None], *arguments: str, **how) -> str:
        with Relay(self.site, hear) as relay:
            return self.errors(*arguments, "--endpoint-url", relay.endpoint, **how)

    def start(self, *arguments: str, **options) -> subprocess.Popen:
        process = processes.start([self.program, *arguments], cwd=self.folder,
                                  env=self.environment, **options)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process: subprocess.Popen) -> None:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                pipe.close()

    def write(self, name: str, content: bytes = b"text") -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (LONG_AGO, LONG_AGO))

    def store(self, key: str, content: bytes = b"text") -> None:
        self.cairn("pipe", f"{self.url}/{key}", input=content)

    def keys(self) -> list[str]:
        return self.cairn("ls", "--recursive", self.url).splitlines()

    def files(self, below: str = ".") -> dict[str, bytes]:
        root = self.folder / below
        return {str(path.relative_to(root)): path.read_bytes()
                for path in sorted(root.rglob("*")) if path.is_file()}

    def uploads(self) -> list[str]:
        """The keys of uploads that have begun and not ended."""
        listing = get(self.server, self.site, f"/{self.bucket}?uploads=").decode()
        return re.findall("<Key>(.*?)</Key>", listing)

    def objects(self, *arguments: str) -> list[dict]:
        return [json.loads(line) for line in self.cairn("--json", *arguments).splitlines()]


def run_tests(case: type[ToolCase]) -> int:
    """Runs a program's tests, all of one class: its arguments are SERVER TOOL [TEST...]."""
    server = SERVERS[sys.argv[1]]
    processes.unwind_on_signals()
    problem = serve.install(server)
    if problem:
        return problem
    case.program, case.server = os.path.abspath(sys.argv[2]), server
    with server.running(tls=False) as site:
        case.site = site
        # Told to ignore warnings, for one is about the reserved port, which lives as long as we do.
        tests = unittest.main(argv=sys.argv[2:], exit=False, verbosity=2, warnings="ignore")
        return 0 if tests.result.wasSuccessful() else 1
