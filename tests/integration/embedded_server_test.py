#!/usr/bin/env python3
"""Runs examples/embedded_server beside a real S3 server, which is frozen and killed under it.

    tests/integration/embedded_server_test.py build/debug/examples/embedded_server [TEST...]
"""

import concurrent.futures
import http.client
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))

import serve
from s3_servers import SERVERS, processes
from s3_servers.server import Server, Site
from s3_servers.signed import put

PATIENCE_SECONDS = 30  # only what hangs takes that long
AT_ONCE = 64           # as the example has it
ENDS_BREAKER = 20      # failures that open a circuit breaker

SMALL = b"meow meow\n"
LARGE = os.urandom(1 << 20) * 64


class Example:
    """The program under test, with its log."""

    def __init__(self, program: str, bucket: str, environment: dict[str, str]) -> None:
        self.process = processes.start([program, bucket, "0"], env=environment, text=True,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])
        self._log: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read_log)
        self._reader.start()

    def log_line(self) -> str:
        return self._log.get(timeout=PATIENCE_SECONDS)

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)

    def get(self, path: str, method: str = "GET",
            **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        connection = self.connect()
        try:
            connection.request(method, path, headers=headers)
            reply = connection.getresponse()
            return reply, reply.read()
        finally:
            connection.close()

    def begin(self, path: str) -> socket.socket:
        """Sends a request and leaves its reply to be read, or not."""
        client = socket.socket()
        client.settimeout(PATIENCE_SECONDS)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", self.port))
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return client

    def connections_to(self, port: int) -> int:
        """Its open connections to a port on this machine."""
        sockets = map(str.split, Path("/proc/net/tcp").read_text().splitlines())
        established = {fields[9] for fields in sockets
                       if fields[3] == "01" and fields[2].endswith(f":{port:04X}")}
        held = processes.open_files_of(self.process.pid)
        return sum(f"socket:[{inode}]" in held for inode in established)

    def stop(self) -> int:
        self.process.terminate()
        return self.wait()

    def wait(self) -> int:
        try:
            status = self.process.wait(PATIENCE_SECONDS)
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join()
            self.process.stdout.close()
            self.process.stderr.close()
        return status

    def _read_log(self) -> None:
        for line in self.process.stderr:
            self._log.put(line)


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


class EmbeddedServer(unittest.TestCase):
    program: str
    server: Server
    site: Site

    @classmethod
    def setUpClass(cls) -> None:
        put(cls.server, cls.site, "/photos")
        put(cls.server, cls.site, "/photos/cat.txt", SMALL, content_type="text/plain")
        put(cls.server, cls.site, "/photos/a%20dir/%C3%BC", b"deep")
        put(cls.server, cls.site, "/photos/large", LARGE)

    def setUp(self) -> None:
        self.example = Example(self.program, "photos",
                               serve.environment_for(self.server, self.site))
        self.addCleanup(self.stop)

    def stop(self) -> None:
        if self.example.process.poll() is None:
            self.assertEqual(self.example.stop(), 0)

    def test_object_is_served_as_it_is(self) -> None:
        reply, body = self.example.get("/cat.txt")
        self.assertEqual((reply.status, body), (200, SMALL))
        self.assertEqual(reply.headers["Content-Type"], "text/plain")
        self.assertEqual(reply.headers["Content-Length"], str(len(SMALL)))
        self.assertRegex(reply.headers["ETag"], '^".+"$')
        self.assertIn("GET /cat.txt 200, 10 bytes", self.example.log_line())
        self.assertEqual(self.example.get("/a%20dir/%C3%BC")[1], b"deep")

    def test_large_object_is_served_as_it_is(self) -> None:
        self.assertTrue(self.example.get("/large")[1] == LARGE)

    def test_head_is_the_same_without_the_body(self) -> None:
        whole, _ = self.example.get("/cat.txt")
        head, body = self.example.get("/cat.txt", method="HEAD")
        self.assertEqual((head.status, body), (200, b""))
        self.assertEqual(head.getheaders(), whole.getheaders())

    def test_range_is_served_alone(self) -> None:
        reply, body = self.example.get("/cat.txt", Range="bytes=5-8")
        self.assertEqual((reply.status, body), (206, b"meow"))
        self.assertEqual(reply.headers["Content-Range"], "bytes 5-8/10")
        beyond, _ = self.example.get("/cat.txt", Range="bytes=100-")
        self.assertEqual((beyond.status, beyond.headers["Content-Range"]), (416, "bytes */10"))
        condition = {"Range": "bytes=5-8", "If-Range": '"another"'}
        self.assertEqual(self.example.get("/cat.txt", **condition)[1], SMALL)

    def test_what_the_client_has_is_not_sent_again(self) -> None:
        tag = self.example.get("/cat.txt")[0].headers["ETag"]
        self.assertIn("GET /cat.txt 200", self.example.log_line())
        for method in ("GET", "HEAD"):
            reply, body = self.example.get("/cat.txt", method=method, **{"If-None-Match": tag})
            self.assertEqual((reply.status, reply.headers["ETag"], body), (304, tag, b""))
            self.assertIsNone(reply.headers["Content-Length"])
            self.assertRegex(self.example.log_line(), f"{method} /cat.txt 304, 0 bytes, [0-9]+ ms$")
        for other in ('"another"', f'"another", {tag}'):
            reply, body = self.example.get("/cat.txt", **{"If-None-Match": other})
            self.assertEqual((reply.status, body), (200, SMALL))

    def test_requests_that_have_no_answer(self) -> None:
        for method, path, status in (("GET", "/none", 404), ("HEAD", "/none", 404),
                                     ("GET", "/", 400), ("DELETE", "/cat.txt", 405)):
            with self.subTest(method=method, path=path):
                reply, body = self.example.get(path, method=method)
                self.assertEqual((reply.status, body), (status, b""))

    def test_connection_is_kept(self) -> None:
        connection = self.example.connect()
        for path, status in (("/cat.txt", 200), ("/none", 404), ("/cat.txt", 200)):
            connection.request("GET", path)
            reply = connection.getresponse()
            reply.read()
            self.assertEqual(reply.status, status)
            self.assertFalse(reply.will_close)
        connection.close()

    def test_client_that_hangs_up_midway_frees_the_connection_to_s3(self) -> None:
        client = self.example.begin("/large")
        self.assertTrue(client.recv(1000))
        self.assertEqual(self.example.connections_to(self.site.port), 1)
        client.close()
        self.assertRegex(self.example.log_line(), "GET /large 200, .*: canceled")
        self.assertTrue(eventually(lambda: self.example.connections_to(self.site.port) == 0))

    def test_client_that_hangs_up_before_s3_answers_cancels_the_call(self) -> None:
        self.site.freeze()
        try:
            client = self.example.begin("/cat.txt")
            self.assertTrue(eventually(lambda: self.example.connections_to(self.site.port) == 1))
            client.close()
            self.assertRegex(self.example.log_line(), "GET /cat.txt 0, 0 bytes, .*: .*canceled")
            self.assertEqual(self.example.connections_to(self.site.port), 0)
        finally:
            self.site.thaw()

    def test_silent_s3_is_told_then_spared_then_used_again(self) -> None:
        self.site.freeze()
        try:
            self.assertEqual(self.example.get("/cat.txt")[0].status, 504)
            with concurrent.futures.ThreadPoolExecutor(ENDS_BREAKER) as clients:
                list(clients.map(self.example.get, ["/cat.txt"] * ENDS_BREAKER))
            reply, _ = self.example.get("/cat.txt")
            self.assertEqual(reply.status, 503)
            self.assertGreaterEqual(int(reply.headers["Retry-After"]), 1)
        finally:
            self.site.thaw()
        self.assertTrue(eventually(lambda: self.example.get("/cat.txt")[1] == SMALL))

    def test_body_that_s3_cuts_off_is_cut_off(self) -> None:
        connection = self.example.connect()
        self.addCleanup(connection.close)
        connection.request("GET", "/large")
        reply = connection.getresponse()
        self.assertEqual(reply.read(1000), LARGE[:1000])
        self.site.kill()
        try:
            with self.assertRaises(http.client.IncompleteRead):
                reply.read()
        finally:
            self.site.restart()
        self.assertIn("connection lost", self.example.log_line())

    def test_more_than_it_can_serve_are_turned_away(self) -> None:
        clients = [self.example.begin("/large") for _ in range(AT_ONCE)]
        for client in clients:
            self.assertTrue(client.recv(100).startswith(b"HTTP/1.1 200 "))
        reply, _ = self.example.get("/cat.txt")
        self.assertEqual(reply.status, 503)
        self.assertGreaterEqual(int(reply.headers["Retry-After"]), 1)
        for client in clients:
            client.close()
        self.assertTrue(eventually(lambda: self.example.get("/cat.txt")[1] == SMALL))

    def test_told_to_stop_it_ends_with_what_it_serves(self) -> None:
        idle = self.example.connect()
        idle.request("HEAD", "/cat.txt")
        idle.getresponse().read()
        busy = self.example.connect()
        busy.request("GET", "/large")
        reply = busy.getresponse()
        self.example.process.send_signal(signal.SIGTERM)
        self.assertEqual(idle.sock.recv(1), b"")
        self.assertTrue(reply.read() == LARGE)
        self.assertEqual(self.example.wait(), 0)
        idle.close()
        busy.close()

    def test_told_wrongly_it_says_how(self) -> None:
        for arguments in ([], ["photos", "x"], ["photos", "65536"], ["photos", "0", "more"]):
            with self.subTest(arguments=arguments):
                told = processes.run([self.program, *arguments], capture_output=True, text=True)
                self.assertEqual(told.returncode, 2)
                self.assertIn("usage: embedded_server BUCKET [PORT]", told.stderr)


def main() -> int:
    server = SERVERS["versitygw"]
    processes.unwind_on_signals()
    problem = serve.install(server)
    if problem:
        return problem
    EmbeddedServer.program, EmbeddedServer.server = os.path.abspath(sys.argv[1]), server
    with server.running(tls=False) as site:
        EmbeddedServer.site = site
        # Told to ignore warnings, for one is about the reserved port, which lives as long as we do.
        tests = unittest.main(argv=sys.argv[1:], exit=False, verbosity=2, warnings="ignore")
        return 0 if tests.result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
