"""versitygw as the server: an S3 that checks signatures and checksums, its objects in memory."""

import contextlib
import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

from s3_servers import SERVERS, signed
from s3_servers.server import Site

BUCKET = "bench"

_SERVER = SERVERS["versitygw"]


def install() -> None:
    _SERVER.install()


@dataclasses.dataclass(frozen=True)
class Gateway:
    """A running server; `start` makes one."""

    site: Site

    @property
    def home(self) -> Path:
        """A folder beside the objects, in the same memory."""
        return self.site.directory

    @property
    def stored(self) -> Path:
        """Where the bucket's objects are, each a file."""
        return self.home / "objects" / BUCKET

    @property
    def authority(self) -> Path | None:
        return self.site.certificates and self.site.certificates.authority

    def presigned(self, method: str, key: str) -> str:
        """What comes after the bucket in a URL that is signed already."""
        url = signed.presigned(_SERVER, self.site, method, f"/{BUCKET}/{key}")
        return url.removeprefix(f"/{BUCKET}/")

    @property
    def environment(self) -> dict[str, str]:
        """Where every client finds server, keys and certificate, and nothing of the user's own."""
        settings = {
            "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": str(self.home),
            "AWS_ENDPOINT_URL_S3": self.site.endpoint, "AWS_REGION": _SERVER.region,
            "AWS_ACCESS_KEY_ID": _SERVER.credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": _SERVER.credentials.secret_key,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        if self.authority:
            settings |= {name: str(self.authority) for name in ("AWS_CA_BUNDLE", "SSL_CERT_FILE")}
        return settings


@contextlib.contextmanager
def start(tls: bool) -> Iterator[Gateway]:
    with _SERVER.running(tls) as site:
        yield Gateway(site)
