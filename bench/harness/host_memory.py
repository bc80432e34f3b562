"""Keeps what the machine's host does with memory out of the figures.

A virtual machine that gives free memory back to its host pays when it takes it again: measured, a
download to memory then costs five times as much, by chance."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from .scenarios import MIB

# Source: Linux, Documentation/mm/free_page_reporting.rst; no free block has an order so high.
_ORDER = Path("/sys/module/page_reporting/parameters/page_reporting_order")
_NEVER = "11"


@contextlib.contextmanager
def kept() -> Iterator[None]:
    """Gives none back meanwhile, where the kernel lets us say so."""
    before = _exchange(_NEVER)
    try:
        yield
    finally:
        if before is not None:
            _exchange(before)


def take(size: int, folder: Path) -> None:
    """Pays for so much memory, and frees it."""
    file = folder / "memory"
    with file.open("wb") as memory:
        for _ in range(size // MIB):
            memory.write(bytes(MIB))
    file.unlink()


def _exchange(order: str) -> str | None:
    try:
        before = _ORDER.read_text()
        _ORDER.write_text(order)
    except OSError:
        return None
    return before
