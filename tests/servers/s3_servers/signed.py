"""Signed requests, for what tests put on a server and look for there besides the program under test."""

import datetime
import hashlib
import hmac
import http.client
from urllib.parse import quote

from .server import Server, Site


def put(server: Server, site: Site, path: str, body: bytes = b"", **headers: str) -> None:
    """PUTs a bucket ("/b") or an object ("/b/key", as it is sent) on a server without TLS."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    _send(server, site, "PUT", path, body, fields)


def get(server: Server, site: Site, path: str) -> bytes:
    """GETs what a path, with a query or not ("/b?uploads="), stands for on such a server."""
    return _send(server, site, "GET", path, b"", {})


def presigned(server: Server, site: Site, method: str, path: str) -> str:
    """The path with a query that allows `method` for a day, without any header but Host."""
    time = _now()
    scope = _scope(server, time)
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in (
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
        ("X-Amz-Credential", f"{server.credentials.access_key}/{scope}"),
        ("X-Amz-Date", time), ("X-Amz-Expires", "86400"), ("X-Amz-SignedHeaders", "host")))
    canonical = "\n".join([method, path, query, f"host:{site.address}", "", "host",
                           "UNSIGNED-PAYLOAD"])
    return f"{path}?{query}&X-Amz-Signature={_signature(server, scope, time, canonical)}"


def _send(server: Server, site: Site, method: str, path: str, body: bytes,
          headers: dict[str, str]) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.request(method, path, body, _sign(server, site, method, path, body, headers))
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    if reply.status != 200:
        raise RuntimeError(f"{method} {path}: {reply.status} {text!r}")
    return text


def _sign(server: Server, site: Site, method: str, path: str, body: bytes,
          headers: dict[str, str]) -> dict[str, str]:
    """Signature version 4 ("Authenticating Requests: Using the Authorization Header")."""
    time = _now()
    scope = _scope(server, time)
    digest = hashlib.sha256(body).hexdigest()
    fields = headers | {"host": site.address, "x-amz-date": time, "x-amz-content-sha256": digest}
    names = ";".join(sorted(fields))
    lines = [f"{name}:{fields[name]}" for name in sorted(fields)]
    bare, _, query = path.partition("?")
    canonical = "\n".join([method, bare, query, *lines, "", names, digest])
    signature = _signature(server, scope, time, canonical)
    return fields | {"Authorization": "AWS4-HMAC-SHA256 "
                                      f"Credential={server.credentials.access_key}/{scope}, "
                                      f"SignedHeaders={names}, Signature={signature}"}


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def _scope(server: Server, time: str) -> str:
    return f"{time[:8]}/{server.region}/s3/aws4_request"


def _signature(server: Server, scope: str, time: str, canonical: str) -> str:
    text = "\n".join(["AWS4-HMAC-SHA256", time, scope,
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{server.credentials.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()
