"""The objects that clients ask for: numbered words, as the clients expect and check them."""

import array
import sys
from pathlib import Path

_WORD_BYTES = 8
_PIECE_WORDS = 2**17


def content(first_word: int, words: int) -> bytes:
    numbers = array.array("Q", range(first_word, first_word + words))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def write_object(path: Path, size: int) -> None:
    words = size // _WORD_BYTES
    with path.open("wb") as file:
        for first in range(0, words, _PIECE_WORDS):
            file.write(content(first, min(_PIECE_WORDS, words - first)))


def is_object(path: Path, size: int) -> bool:
    return path.is_file() and path.read_bytes() == content(0, size // _WORD_BYTES)


def is_part_of_object(path: Path, size: int) -> bool:
    """Whether a file is a piece of so many bytes of some object, wherever in it."""
    found = path.read_bytes()
    first_word = int.from_bytes(found[:_WORD_BYTES], "little")
    return len(found) == size and found == content(first_word, size // _WORD_BYTES)
