"""Virtual environments of Python packages, their versions pinned, from PyPI."""

import importlib.util
import sys
from pathlib import Path

from .installation import MissingPrerequisite, folder_of, install_once, run_step

_REQUIREMENTS = Path(__file__).resolve().parents[1]


class PythonEnvironment:
    """What `requirements-NAME.txt` lists."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def folder(self) -> Path:
        return folder_of(self.name)

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def install(self) -> None:
        python = f"python {sys.version_info.major}.{sys.version_info.minor}"
        wanted = self._requirements.read_text()
        install_once(self.name, f"{python}\n{wanted}", _require_python, self._build)

    @property
    def _requirements(self) -> Path:
        return _REQUIREMENTS / f"requirements-{self.name}.txt"

    def _build(self, folder: Path) -> None:
        run_step([sys.executable, "-m", "venv", folder])
        run_step([self.python, "-m", "pip", "install", "--no-input",
                  "--disable-pip-version-check", "-r", self._requirements])


def _require_python() -> None:
    if sys.version_info < (3, 11):
        raise MissingPrerequisite("Python >= 3.11: run serve.py with a newer python3")
    if not importlib.util.find_spec("ensurepip"):
        raise MissingPrerequisite("Python's venv module: apt-get install python3-venv")
