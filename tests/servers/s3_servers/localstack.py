"""LocalStack: S3 in Python, objects in memory; needs nothing but Python and PyPI."""

import importlib.util
import json
import sys
from pathlib import Path

from .installation import MissingPrerequisite, folder_of, install_once, run_step
from .server import Credentials, Server, Site

_REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements-localstack.txt"


class LocalStack(Server):
    name = "localstack"
    version = "4.13.1"
    credentials = Credentials("test", "test")  # the only pair that it verifies presigned URLs with

    def install(self) -> None:
        python = f"python {sys.version_info.major}.{sys.version_info.minor}"
        install_once(self.name, f"{python}\n{_REQUIREMENTS.read_text()}", _require_python, _build)

    def start(self, site: Site) -> None:
        site.start([folder_of(self.name) / "bin" / "python", "-m", "localstack.runtime.main"],
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


def _require_python() -> None:
    if sys.version_info < (3, 11):
        raise MissingPrerequisite("Python >= 3.11: run serve.py with a newer python3")
    if not importlib.util.find_spec("ensurepip"):
        raise MissingPrerequisite("Python's venv module: apt-get install python3-venv")


def _build(folder: Path) -> None:
    run_step([sys.executable, "-m", "venv", folder])
    run_step([folder / "bin" / "python", "-m", "pip", "install", "--no-input",
              "--disable-pip-version-check", "-r", _REQUIREMENTS])


def _key_and_certificate(site: Site) -> Path:
    both = site.directory / "localstack.pem"
    both.write_text(site.certificates.key.read_text() + site.certificates.certificate.read_text())
    return both
