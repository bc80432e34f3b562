"""A certificate authority and one server certificate, made anew for a run."""

import dataclasses
import shutil
import subprocess
from pathlib import Path

from .installation import MissingPrerequisite

_CONFIGURATION = """
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:localhost, DNS:s3.localhost, DNS:*.s3.localhost, IP:127.0.0.1
"""


@dataclasses.dataclass(frozen=True)
class Certificates:
    authority: Path
    certificate: Path
    key: Path


def make_certificates(directory: Path) -> Certificates:
    if not shutil.which("openssl"):
        raise MissingPrerequisite("the openssl command for TLS: apt-get install openssl")
    directory.mkdir()
    (directory / "openssl.cnf").write_text(_CONFIGURATION)
    _request(directory, "authority", "-subj", "/CN=cairn test authority")
    _request(directory, "server", "-subj", "/CN=localhost",
             "-CA", "authority.pem", "-CAkey", "authority.key")
    return Certificates(directory / "authority.pem", directory / "server.pem",
                        directory / "server.key")


def _request(directory: Path, name: str, *options: str) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-config", "openssl.cnf", "-extensions", name,
         "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
         "-keyout", f"{name}.key", "-out", f"{name}.pem", *options],
        cwd=directory, check=True, capture_output=True)
