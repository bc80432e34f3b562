"""LocalStack: S3 in Python, objects in memory; needs nothing but Python and PyPI."""

import json
from pathlib import Path

from .python_environment import PythonEnvironment
from .server import Credentials, Server, Site


class LocalStack(Server):
    name = "localstack"
    version = "4.13.1"
    credentials = Credentials("test", "test")  # the only pair that it verifies presigned URLs with

    _environment = PythonEnvironment(name)

    def install(self) -> None:
        self._environment.install()

    def start(self, site: Site) -> None:
        site.start([self._environment.python, "-m", "localstack.runtime.main"],
                   **self._settings(site))
        site.wait_until(lambda: self._is_ready(site), "ready")

    def _settings(self, site: Site) -> dict[str, str]:
        settings = {
            # Written so because it takes a plain IPv4 address for one that needs IPv6 beside it.
            "GATEWAY_LISTEN": f"[::ffff:127.0.0.1]:{site.port}",
            "DNS_ADDRESS": "0",
            "SERVICES": "s3",
            "EAGER_SERVICE_LOADING": "1",
            "S3_SKIP_SIGNATURE_VALIDATION": "0",
            "SKIP_SSL_CERT_DOWNLOAD": "1",
            "DISABLE_EVENTS": "1",
            "OVERRIDE_IN_DOCKER": "0",
            "FILESYSTEM_ROOT": str(site.directory),
            "CONFIG_DIR": str(site.directory / "config"),
            "XDG_CACHE_HOME": str(site.directory / "cache"),
        }
        if site.certificates:
            settings["CUSTOM_SSL_CERT_PATH"] = str(_key_and_certificate(site))
        return settings

    def _is_ready(self, site: Site) -> bool:
        status, body = site.get("/_localstack/health")
        return status == 200 and json.loads(body)["services"].get("s3") == "running"


def _key_and_certificate(site: Site) -> Path:
    both = site.directory / "localstack.pem"
    both.write_text(site.certificates.key.read_text() + site.certificates.certificate.read_text())
    return both
