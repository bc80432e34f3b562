"""The programs that carry one large file, and those that carry many small ones."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

from . import peers
from .gateway import BUCKET, Gateway
from .scenarios import MIB

PART_BYTES, PARTS_AT_ONCE = 8 * MIB, 16

_SCRIPTS = Path(__file__).resolve().parents[1] / "clients"

Command = list[str | Path]


@dataclasses.dataclass(frozen=True)
class Client:
    name: str
    program: Path
    # (operation, gateway, file or folder, key or prefix)
    command: Callable[[str, Gateway, Path, str], Command]
    is_script: bool = False     # its interpreter's start is left out of its figures
    keeps_one_part: bool = False  # an upload puts all parts at one key, one over the other


def of_large_files(programs: Path) -> tuple[Client, ...]:
    floor, libcurl = programs / "bench-floor-transfer", programs / "bench-libcurl-transfer"
    cairn = programs / "bench-cairn-transfer"
    return (
        Client("floor", floor, _presigned(floor), keeps_one_part=True),
        Client("cairn", cairn,
               lambda operation, _, file, key: [cairn, operation, file, BUCKET, key]),
        _script("awscrt", "transfer.py"),
        _script("obstore", "transfer.py"),
        Client("s5cmd", peers.S5CMD, _s5cmd),
        Client("rclone", peers.RCLONE, _rclone),
        Client("libcurl", libcurl, _presigned(libcurl), keeps_one_part=True),
    )


def of_small_files(tool: Path) -> tuple[Client, ...]:
    return (
        Client("cairn", tool, _cairn_tool(tool)),
        Client("s5cmd", peers.S5CMD, _s5cmd_tree),
        _script("boto3", "objects.py"),
    )


def _presigned(program: Path):
    def command(operation: str, gateway: Gateway, file: Path, key: str) -> Command:
        named = {
            "operation": operation, "host": "127.0.0.1", "port": gateway.site.port,
            "bucket": BUCKET, "key": gateway.presigned(operation.upper(), key), "file": file,
            "object-bytes": (gateway.stored / key if operation == "get" else file).stat().st_size,
            "request-bytes": PART_BYTES, "connections": PARTS_AT_ONCE, "requests": 0,
        }
        if gateway.authority:
            named["ca-file"] = gateway.authority
        return [program, *(text for name, value in named.items()
                           for text in (f"--{name}", str(value)))]
    return command


def _script(name: str, file: str) -> Client:
    def command(operation: str, _gateway: Gateway, path: Path, key: str) -> Command:
        return [peers.PYTHON, _SCRIPTS / name / file, operation, path, BUCKET, key]
    return Client(name, peers.PYTHON, command, is_script=True)


def _s5cmd(operation: str, gateway: Gateway, file: Path, key: str) -> Command:
    url = f"s3://{BUCKET}/{key}"
    ends = [file, url] if operation == "put" else [url, file]
    return [*_s5cmd_start(gateway), "cp", "--concurrency", str(PARTS_AT_ONCE),
            "--part-size", str(PART_BYTES // MIB), *ends]


def _s5cmd_tree(operation: str, gateway: Gateway, folder: Path, prefix: str) -> Command:
    all_objects = f"s3://{BUCKET}/{prefix}*"
    return [*_s5cmd_start(gateway), *{
        "put": ["cp", f"{folder}/", f"s3://{BUCKET}/{prefix}"], "list": ["ls", all_objects],
        "get": ["cp", all_objects, f"{folder}/"], "delete": ["rm", all_objects],
    }[operation]]


def _s5cmd_start(gateway: Gateway) -> Command:
    return [peers.S5CMD, "--endpoint-url", gateway.site.endpoint]


def _rclone(operation: str, gateway: Gateway, file: Path, key: str) -> Command:
    remote = f":s3:{BUCKET}/{key}"
    trust = ["--ca-cert", gateway.authority] if gateway.authority else []
    return [peers.RCLONE, "copyto", "--config", "", "--s3-provider", "Other", "--s3-env-auth",
            "--s3-endpoint", gateway.site.endpoint, "--s3-force-path-style",
            "--s3-no-check-bucket", "--s3-chunk-size", "8Mi", "--s3-upload-cutoff", "16Mi",
            "--s3-upload-concurrency", str(PARTS_AT_ONCE),
            "--multi-thread-streams", str(PARTS_AT_ONCE), "--multi-thread-cutoff", "16Mi",
            "--multi-thread-chunk-size", "8Mi", *trust,
            *([file, remote] if operation == "put" else [remote, file])]


def _cairn_tool(tool: Path):
    def command(operation: str, _gateway: Gateway, folder: Path, prefix: str) -> Command:
        url = f"s3://{BUCKET}/{prefix}"
        return [tool, *{
            "put": ["cp", "--recursive", folder, url], "list": ["ls", "--recursive", url],
            "get": ["cp", "--recursive", url, folder], "delete": ["rm", "--recursive", url],
        }[operation]]
    return command


def names(clients: Sequence[Client]) -> list[str]:
    return [each.name for each in clients]
