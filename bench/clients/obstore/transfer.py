"""A peer: object_store, in Rust. `transfer.py put|get|nothing FILE BUCKET KEY`"""

import asyncio
import os
import sys
from pathlib import Path

import obstore
from obstore.store import S3Store

_PART_BYTES, _CONNECTIONS = 8 * 1024**2, 16


def main() -> None:
    operation, file, bucket, key = sys.argv[1:]
    if operation == "nothing":  # what Python and the package take to begin with
        return
    endpoint = os.environ["AWS_ENDPOINT_URL_S3"]
    store = S3Store(bucket, endpoint=endpoint, virtual_hosted_style_request=False,
                    checksum_algorithm="CRC64NVME", unsigned_payload=True,
                    client_options={"allow_http": endpoint.startswith("http:")})
    asyncio.run({"put": put, "get": get}[operation](store, file, key))
    os._exit(0)  # its threads may still hold the file, and abort a Python that ends in order


async def put(store: S3Store, file: str, key: str) -> None:
    await obstore.put_async(store, key, Path(file), use_multipart=True, chunk_size=_PART_BYTES,
                            max_concurrency=_CONNECTIONS)


async def get(store: S3Store, file: str, key: str) -> None:
    """It has no call for this: ranges side by side, each written as it comes."""
    size = (await obstore.head_async(store, key))["size"]
    offsets = iter(range(0, size, _PART_BYTES))
    target = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    async def lane() -> None:
        for offset in offsets:
            part = await obstore.get_range_async(store, key, start=offset,
                                                 end=min(offset + _PART_BYTES, size))
            os.pwrite(target, part, offset)

    await asyncio.gather(*(lane() for _ in range(_CONNECTIONS)))
    os.close(target)


if __name__ == "__main__":
    main()
