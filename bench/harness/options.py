"""What the benchmarks' command lines have in common."""

import argparse
import os
import tempfile
from collections.abc import Callable, Sequence


def names_of(known: Sequence[str]) -> Callable[[str], list[str]]:
    def parse(text: str) -> list[str]:
        given = text.split(",")
        unknown = set(given) - set(known)
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: not one of "
                                             f"{', '.join(known)}")
        return [each for each in known if each in given]
    return parse


def positive(number: type) -> Callable:
    def parse(text: str):
        value = number(text)
        if value <= 0:
            raise argparse.ArgumentTypeError(f"{text} is not above 0")
        return value
    return parse


def keep_files_in_memory() -> None:
    if os.access("/dev/shm", os.W_OK):
        tempfile.tempdir = "/dev/shm"
