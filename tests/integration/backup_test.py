#!/usr/bin/env python3
"""Runs examples/backup beside an S3 server, and interrupts it.

    tests/integration/backup_test.py build/debug/examples/backup [TEST...]
"""

import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))

import serve
from s3_servers import SERVERS, processes
from s3_servers.server import Server, Site
from s3_servers.signed import put

PATIENCE_SECONDS = 60  # only what hangs takes that long
CONTENT = os.urandom(1 << 20) * 64


class Backup(unittest.TestCase):
    program: str
    server: Server
    site: Site

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.environment = serve.environment_for(self.server, self.site)

    def command(self, what: str, name: str, key: str) -> list[str]:
        return [self.program, what, str(self.folder / name), "backups", key]

    def run_it(self, what: str, name: str, key: str = "key") -> subprocess.CompletedProcess:
        return processes.run(self.command(what, name, key), env=self.environment, text=True,
                             capture_output=True, timeout=PATIENCE_SECONDS)

    def interrupt(self, what: str, name: str) -> None:
        """Stops it once it has brought something."""
        process = processes.start(self.command(what, name, "key"), env=self.environment,
                                  stderr=subprocess.PIPE)
        shown = b""
        while b" bytes" not in shown:
            shown += os.read(process.stderr.fileno(), 1000)
        process.send_signal(signal.SIGINT)
        said = shown + process.stderr.read()
        process.stderr.close()
        if process.wait(PATIENCE_SECONDS) != 0:  # it may have been faster
            self.assertIn(b"run it again", said)

    def test_goes_on_after_interruptions(self) -> None:
        (self.folder / "file").write_bytes(CONTENT)
        self.interrupt("save", "file")
        saved = self.run_it("save", "file")
        self.assertEqual((saved.returncode, saved.stdout), (0, f"saved {len(CONTENT)} bytes\n"),
                         saved.stderr)
        self.interrupt("restore", "again")
        restored = self.run_it("restore", "again")
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.assertIn("verified", restored.stdout)
        self.assertEqual((self.folder / "again").read_bytes(), CONTENT)
        self.assertEqual(sorted(each.name for each in self.folder.iterdir()), ["again", "file"])

    def test_says_what_is_wrong(self) -> None:
        missing = self.run_it("restore", "file", "no-such-key")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("s3://backups/no-such-key", missing.stderr)
        self.assertEqual(self.run_it("forget", "file").returncode, 2)


def main() -> int:
    server = SERVERS["versitygw"]
    processes.unwind_on_signals()
    problem = serve.install(server)
    if problem:
        return problem
    Backup.program, Backup.server = os.path.abspath(sys.argv[1]), server
    with server.running(tls=False) as site:
        Backup.site = site
        put(server, site, "/backups")
        tests = unittest.main(argv=sys.argv[1:], exit=False, verbosity=2, warnings="ignore")
        return 0 if tests.result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
