"""nginx as the peer: one worker on one core, replies as S3 gives them, nothing written to disk."""

import contextlib
import functools
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from s3_servers import processes
from s3_servers.certificates import Certificates, make_certificates
from s3_servers.installation import MissingPrerequisite

from . import content, listeners
from .scenarios import BIG_OBJECT_BYTES, SMALL_OBJECT_BYTES

BUCKET = "bench"

# Uploads: answering at once makes nginx read and drop the body, which is the least that a server can
# do with one; what arrives under stored/ is kept, so that a client's upload can be looked at.
_CONFIGURATION = """
daemon off;
user root root;
worker_processes 1;
pid {home}/nginx.pid;
error_log {home}/error.log warn;
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    default_type binary/octet-stream;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    open_file_cache max=100 inactive=1h;
    open_file_cache_valid 1h;
    client_header_buffer_size 16k;
    client_body_temp_path {home}/temp;
    proxy_temp_path {home}/temp;
    fastcgi_temp_path {home}/temp;
    uwsgi_temp_path {home}/temp;
    scgi_temp_path {home}/temp;
    server {{
        listen 127.0.0.1:{plain_port};
        listen 127.0.0.1:{tls_port} ssl;
        ssl_protocols TLSv1.3;
        ssl_certificate {certificates.certificate};
        ssl_certificate_key {certificates.key};
        root {root};
        location = /status {{ stub_status; }}
        location /{bucket}/ {{
            add_header x-amz-id-2 MzRISOwyjmnupE3TlzEXAMPLEbUjXGl2vRzEXAMPLEiwS7zkQhEKCQ5Y0dCEXAMPLE;
            add_header x-amz-request-id 0A49CE4060975EAC;
            location = /{bucket}/dropped {{
                if ($content_length != {small_bytes}) {{ return 400; }}
                add_header x-amz-id-2 MzRISOwyjmnupE3TlzEXAMPLEbUjXGl2vRzEXAMPLEiwS7zkQhEKCQ5Y0dCEXAMPLE;
                add_header x-amz-request-id 0A49CE4060975EAC;
                add_header ETag '"1b2cf535f27731c974343645a3985328"';
                return 200;
            }}
            location /{bucket}/stored/ {{ dav_methods PUT; }}
        }}
    }}
}}
"""


class StartFailed(Exception):
    """nginx did not come up; the text says why."""


class Nginx:
    """A running server; `start` makes one."""

    def __init__(self, home: Path, ports: tuple[int, int], certificates: Certificates) -> None:
        self.pid = 0
        self._home = home
        self._ports = ports
        self._questions = 0
        self.authority = certificates.authority

    def port(self, tls: bool) -> int:
        return self._ports[tls]

    @property
    def stored(self) -> Path:
        """Where uploads to keys under stored/ end up."""
        return self._home / "objects" / BUCKET / "stored"

    def counters(self) -> tuple[int, int]:
        """Connections and requests so far, those of this question left out."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._ports[0]}/status", timeout=5) as reply:
            accepted, _handled, requests = re.search(r"^ (\d+) (\d+) (\d+)", reply.read().decode(),
                                                     re.MULTILINE).groups()
        self._questions += 1
        return int(accepted) - self._questions, int(requests) - self._questions


@contextlib.contextmanager
def start(home: Path, core: int) -> Iterator[Nginx]:
    nginx = _find_nginx()
    _make_objects(home / "objects" / BUCKET)
    (home / "temp").mkdir()
    certificates = make_certificates(home / "certificates")
    with listeners.listen_on_loopback() as plain, listeners.listen_on_loopback() as tls:
        server = Nginx(home, (plain.getsockname()[1], tls.getsockname()[1]), certificates)
        (home / "nginx.conf").write_text(_CONFIGURATION.format(
            home=home, root=home / "objects", bucket=BUCKET, certificates=certificates,
            plain_port=server.port(tls=False), tls_port=server.port(tls=True),
            small_bytes=SMALL_OBJECT_BYTES))
        inherited = (plain.fileno(), tls.fileno())
        process = _start_process(
            ["taskset", "-c", str(core), nginx, "-p", home, "-c", home / "nginx.conf",
             "-e", home / "error.log"],
            pass_fds=inherited, stdout=(home / "output.log").open("w"), stderr=subprocess.STDOUT,
            env={**os.environ, "NGINX": "".join(f"{each};" for each in inherited)})
        server.pid = process.pid
        print(f"Server: nginx on core {core}, congestion control "
              f"{listeners.congestion_control(plain)}.", flush=True)
    try:
        _wait_until_ready(server, process, home)
        yield server
    finally:
        process.terminate()
        process.wait()


def _start_process(arguments, **options) -> subprocess.Popen:
    # SIGTERM, not SIGKILL: it makes nginx take its worker with it.
    bound_to_us = functools.partial(processes.die_with_parent, os.getpid(), signal.SIGTERM)
    return subprocess.Popen(arguments, preexec_fn=bound_to_us, **options)


def _find_nginx() -> str:
    # Debian keeps it out of the ordinary user's PATH.
    found = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if not found:
        raise MissingPrerequisite("nginx as the server: apt-get install nginx-light")
    return found


def _make_objects(bucket: Path) -> None:
    (bucket / "stored").mkdir(parents=True)
    content.write_object(bucket / "big", BIG_OBJECT_BYTES)
    content.write_object(bucket / "small", SMALL_OBJECT_BYTES)


def _wait_until_ready(server: Nginx, process, home: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        try:
            server.counters()
            return
        except OSError:
            time.sleep(0.05)
    said = "".join(path.read_text() for path in (home / "output.log", home / "error.log")
                   if path.exists())
    raise StartFailed(f"nginx did not start: {said.strip() or 'it said nothing'}")
