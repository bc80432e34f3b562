"""A peer: boto3 with a thread pool. `objects.py put|list|get|delete|nothing FOLDER BUCKET PREFIX`"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
from botocore.config import Config

_THREADS = 16


def main() -> None:
    operation, folder, bucket, prefix = sys.argv[1:]
    if operation == "nothing":  # what Python and the package take to begin with
        return
    client = boto3.client("s3", config=Config(max_pool_connections=_THREADS,
                                              s3={"addressing_style": "path"}))
    globals()[f"{operation}_all"](client, Path(folder), bucket, prefix)


def put_all(client, folder: Path, bucket: str, prefix: str) -> None:
    run(lambda path: client.put_object(Bucket=bucket, Key=prefix + path.name,
                                       Body=path.read_bytes()), folder.iterdir())


def list_all(client, _folder: Path, bucket: str, prefix: str) -> None:
    for key in keys(client, bucket, prefix):
        print(key)


def get_all(client, folder: Path, bucket: str, prefix: str) -> None:
    def get(key: str) -> None:
        body = client.get_object(Bucket=bucket, Key=key)["Body"].read()
        (folder / key.removeprefix(prefix)).write_bytes(body)

    run(get, keys(client, bucket, prefix))


def delete_all(client, _folder: Path, bucket: str, prefix: str) -> None:
    for page in pages(client, bucket, prefix):
        client.delete_objects(Bucket=bucket, Delete={"Quiet": True, "Objects": [
            {"Key": each["Key"]} for each in page]})


def pages(client, bucket: str, prefix: str):
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield page.get("Contents", [])


def keys(client, bucket: str, prefix: str):
    return (each["Key"] for page in pages(client, bucket, prefix) for each in page)


def run(step, items) -> None:
    with ThreadPoolExecutor(_THREADS) as pool:
        for _ in pool.map(step, items):  # raises what a step has raised
            pass


if __name__ == "__main__":
    main()
