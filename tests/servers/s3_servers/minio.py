"""MinIO: the one with every kind of server-side encryption, object lock and notifications."""

import base64
import shutil
from pathlib import Path

from .go_program import GoProgram
from .server import Site


class Minio(GoProgram):
    name = "minio"
    version = "v0.0.0-20260212201848-7aac2a2c5b7c"
    package = "github.com/minio/minio"
    kms_key_id = "cairn-test-key"

    def start(self, site: Site) -> None:
        site.start([self.program, "server", "--quiet", "--address", site.address,
                    "--certs-dir", _certificate_folder(site), site.directory / "objects"],
                   MINIO_ROOT_USER=self.credentials.access_key,
                   MINIO_ROOT_PASSWORD=self.credentials.secret_key,
                   MINIO_REGION=self.region, MINIO_DOMAIN=site.domain,
                   MINIO_KMS_SECRET_KEY=f"{self.kms_key_id}:{base64.b64encode(bytes(32)).decode()}",
                   MINIO_BROWSER="off", MINIO_UPDATE="off", MINIO_CALLHOME_ENABLE="off")
        site.wait_until(lambda: _serves(site), "ready")


def _serves(site: Site) -> bool:
    """It says that it is ready a while before its objects are there, and answers 503 until then."""
    return site.get("/minio/health/ready")[0] == 200 and site.get("/")[0] == 403


def _certificate_folder(site: Site) -> Path:
    """MinIO speaks TLS when it finds its own names for the files in this folder."""
    folder = site.directory / "certificates"
    folder.mkdir()
    if site.certificates:
        shutil.copy(site.certificates.certificate, folder / "public.crt")
        shutil.copy(site.certificates.key, folder / "private.key")
    return folder
