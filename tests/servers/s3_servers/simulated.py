"""cairn's own simulated S3, listening on a port of its choice."""

import os
from pathlib import Path

from .installation import MissingPrerequisite
from .server import Server, Site

_BUILT = Path(__file__).resolve().parents[3] / "build" / "debug" / "tests" / "simulated_s3_server"


class Simulated(Server):
    name = "simulated"
    version = "cairn's"

    def install(self) -> None:
        if not _program().exists():
            raise MissingPrerequisite(f"{_program()}: build the target simulated_s3_server, or "
                                      "name another in CAIRN_SIMULATED_S3")

    def start(self, site: Site) -> None:
        if site.certificates:
            raise MissingPrerequisite("plain HTTP: it speaks no TLS")
        told = site.directory / "port"
        site.start([_program(), self.credentials.access_key, self.credentials.secret_key,
                    self.region, site.domain, told])
        site.wait_until(lambda: told.exists() and told.read_text().endswith("\n"), "ready")
        site.port = int(told.read_text())


def _program() -> Path:
    return Path(os.environ.get("CAIRN_SIMULATED_S3") or _BUILT)
