"""What Python compresses and decompresses, for a comparison with cairn; strict as cairn is."""

import gzip
import zlib
from collections.abc import Callable

import zstandard

Codec = Callable[[bytes], bytes]

REFUSALS = (OSError, EOFError, zlib.error, zstandard.ZstdError)


def _halves(compress: Codec) -> Codec:
    """Two compressed streams, one after the other, with an empty one between them."""
    return lambda data: (compress(data[:len(data) // 2]) + compress(b"")
                         + compress(data[len(data) // 2:]))


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def _zstd_blocks(data: bytes) -> bytes:
    """A frame that doesn't tell its length, of many blocks."""
    by = zstandard.ZstdCompressor(write_checksum=True).compressobj()
    pieces = (data[at:at + 10_000] for at in range(0, len(data), 10_000))
    blocks = [by.compress(piece) + by.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK) for piece in pieces]
    return b"".join(blocks) + by.flush()


def _unzstd(data: bytes) -> bytes:
    content = b""
    while True:
        frame = zstandard.ZstdDecompressor().decompressobj()
        content += frame.decompress(data)
        if not frame.eof:
            raise EOFError("cut short")
        data = frame.unused_data
        if not data:
            return content


DECOMPRESS: dict[str, Codec] = {"gzip": gzip.decompress, "zstd": _unzstd}

COMPRESS: dict[str, tuple[str, Codec]] = {  # with the Content-Encoding of each
    "gzip": ("gzip", gzip.compress),
    "gzip stored": ("gzip", lambda data: gzip.compress(data, 0)),
    "gzip members": ("gzip", _halves(gzip.compress)),
    "zstd": ("zstd", _zstd),
    "zstd blocks": ("zstd", _zstd_blocks),
    "zstd frames": ("zstd", _halves(_zstd)),
    "gzip in zstd": ("gzip, zstd", lambda data: _zstd(gzip.compress(data))),
}
