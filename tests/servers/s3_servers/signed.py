"""Signed requests, for what tests must put on a server before the program under test runs."""

import datetime
import hashlib
import hmac
import http.client

from .server import Server, Site


def put(server: Server, site: Site, path: str, body: bytes = b"", **headers: str) -> None:
    """PUTs a bucket ("/b") or an object ("/b/key", as it is sent) on a server without TLS."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("PUT", path, body, _sign(server, site, path, body, fields))
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    if reply.status != 200:
        raise RuntimeError(f"PUT {path}: {reply.status} {text!r}")


def _sign(server: Server, site: Site, path: str, body: bytes,
          headers: dict[str, str]) -> dict[str, str]:
    """Signature version 4 ("Authenticating Requests: Using the Authorization Header")."""
    time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(body).hexdigest()
    fields = headers | {"host": site.address, "x-amz-date": time, "x-amz-content-sha256": digest}
    names = ";".join(sorted(fields))
    lines = [f"{name}:{fields[name]}" for name in sorted(fields)]
    canonical = "\n".join(["PUT", path, "", *lines, "", names, digest])

    scope = [time[:8], server.region, "s3", "aws4_request"]
    text = "\n".join(["AWS4-HMAC-SHA256", time, "/".join(scope),
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{server.credentials.secret_key}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    identity = f"{server.credentials.access_key}/{'/'.join(scope)}"
    return fields | {"Authorization": f"AWS4-HMAC-SHA256 Credential={identity}, "
                                      f"SignedHeaders={names}, Signature={signature}"}
