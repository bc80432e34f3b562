"""versitygw: S3 over a POSIX folder; strict on signatures, and fast."""

from .go_program import GoProgram
from .server import Site


class VersityGateway(GoProgram):
    name = "versitygw"
    version = "v1.8.0"
    package = "github.com/versity/versitygw/cmd/versitygw"

    def start(self, site: Site) -> None:
        objects, versions = site.directory / "objects", site.directory / "versions"
        objects.mkdir()
        versions.mkdir()
        tls = ["--cert", site.certificates.certificate, "--key", site.certificates.key] \
            if site.certificates else []
        site.start([self.program, "--port", site.address,
                    "--access", self.credentials.access_key,
                    "--secret", self.credentials.secret_key,
                    "--region", self.region, "--virtual-domain", site.virtual_host_suffix,
                    "--keep-alive", "--quiet", *tls,
                    "posix", "--versioning-dir", versions, objects])
        site.wait_until(lambda: site.get("/")[0] != 0, "ready")
