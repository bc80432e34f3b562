#!/usr/bin/env python3
"""What cairn stores, boto3 reads back whole, and the other way round; Python's codecs likewise.

    tests/tools/differential_test.py SERVER build/debug/tools/cairn [TEST...]

Checksums are computed a third time: by hashlib, and by AWS's own runtime (awscrt).
"""

import os
import sys
from pathlib import Path

from tool_case import MIB, ToolCase, run_tests

import serve
from s3_servers.python_environment import PythonEnvironment

PEERS = PythonEnvironment("peers")
if Path(sys.prefix).resolve() != PEERS.folder:  # the same once more, with boto3 and its kin
    if problem := serve.install(PEERS):
        sys.exit(problem)
    os.execv(PEERS.python, [PEERS.python, *sys.argv])

import base64
import hashlib
import random
from collections.abc import Callable

import awscrt.checksums
import boto3
import botocore.exceptions
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from python_codecs import COMPRESS, DECOMPRESS, REFUSALS

PART = 5 * MIB
IN_PARTS = 16 * MIB + 1  # from where on cairn uploads files in parts
PIPED_IN_PARTS = 11 * MIB

Digest = Callable[[bytes], bytes]


def crc(sum_of: Callable[[bytes], int], size: int) -> Digest:
    return lambda data: sum_of(data).to_bytes(size, "big")


def hash_by(name: str) -> Digest:
    return lambda data: hashlib.new(name, data).digest()


CRCS: dict[str, Digest] = {
    "CRC32": crc(awscrt.checksums.crc32, 4),
    "CRC32C": crc(awscrt.checksums.crc32c, 4),
    "CRC64NVME": crc(awscrt.checksums.crc64nvme, 8),
}
HASHES: dict[str, Digest] = {name: hash_by(name) for name in ("SHA1", "SHA256", "SHA512")}

CHECKSUMS = CRCS | HASHES
CAIRNS = CHECKSUMS | {"MD5": hash_by("md5")}  # which boto3 neither computes nor verifies

LACKS = {
    (server, algorithm): reason
    for server, reason in (("localstack", "doesn't know it"),
                           ("minio", "ignores it, and refuses it for parts"),
                           ("simulated", "doesn't have it"))
    for algorithm in ("SHA512", "MD5")
}


def whole(algorithm: str, data: bytes) -> tuple[str, str]:
    """The checksum of an object as S3 tells it, and its type."""
    return base64.b64encode(CAIRNS[algorithm](data)).decode(), "FULL_OBJECT"


def composite(algorithm: str, data: bytes) -> tuple[str, str]:
    digest = CAIRNS[algorithm]
    parts = [digest(data[at:at + PART]) for at in range(0, len(data), PART)]
    return f"{base64.b64encode(digest(b''.join(parts))).decode()}-{len(parts)}", "COMPOSITE"


def random_bytes(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def compressible(size: int) -> bytes:
    """Half of it can be compressed."""
    return b"".join(random_bytes(1000) + b"abcdefghij" * 100 for _ in range(size // 2000 + 1))[:size]


def damaged(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x55]) + data[middle + 1:]


class Differential(ToolCase):
    def setUp(self) -> None:
        super().setUp()
        self.environment |= {"AWS_DEFAULT_REGION": self.server.region}
        # boto3 has its settings from the same place as cairn, and none of the developer's.
        os.environ.clear()
        os.environ.update(self.environment)
        self.s3 = boto3.client("s3", config=Config(s3={"addressing_style": "path"}))
        self.addCleanup(self.s3.close)

    def require(self, algorithm: str) -> None:
        if reason := LACKS.get((self.server.name, algorithm)):
            self.skipTest(f"{self.server.name} {reason}")

    # --- What boto3 does ---

    def boto3_reads(self, key: str) -> tuple[bytes, dict]:
        """An object, verified by boto3 where it can, and what S3 tells of it."""
        told = self.s3.get_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
        return told["Body"].read(), told

    def boto3_puts(self, key: str, content: bytes, **more) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=content, **more)

    def boto3_uploads(self, key: str, content: bytes, **more) -> None:
        """In parts, always."""
        self.write("for boto3", content)
        in_parts = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART)
        self.s3.upload_file(str(self.folder / "for boto3"), self.bucket, key, ExtraArgs=more,
                            Config=in_parts)

    # --- What cairn does ---

    def cairn_uploads(self, key: str, content: bytes, *options: str) -> None:
        self.write("for cairn", content)
        self.cairn("cp", "for cairn", f"{self.url}/{key}", "--part-size", "5MiB", *options)

    def cairn_pipes(self, key: str, content: bytes, *options: str) -> None:
        self.cairn("pipe", f"{self.url}/{key}", "--part-size", "5MiB", *options, input=content)

    def cairn_downloads(self, key: str, *options: str) -> bytes:
        self.cairn("cp", f"{self.url}/{key}", "from cairn", "--part-size", "5MiB", *options)
        return (self.folder / "from cairn").read_bytes()

    def cairn_prints(self, key: str) -> bytes:
        return self.run_tool("cat", f"{self.url}/{key}")[0]

    def cairn_tells(self, key: str) -> dict:
        return self.objects("stat", f"{self.url}/{key}")[0]

    # --- What must be the same ---

    def check_content(self, found: bytes, stored: bytes) -> None:
        # Not assertEqual, which would print megabytes.
        self.assertTrue(found == stored, f"{len(found)} bytes, of {len(stored)} stored")

    def check_boto3_reads(self, key: str, content: bytes, algorithm: str,
                          checksum: tuple[str, str]) -> None:
        found, told = self.boto3_reads(key)
        self.check_content(found, content)
        kept = {name: value for name, value in told.items() if name.startswith("Checksum")}
        self.assertEqual(kept, {f"Checksum{algorithm}": checksum[0], "ChecksumType": checksum[1]})

    def check_cairn_reads(self, key: str, content: bytes, algorithm: str,
                          checksum: tuple[str, str]) -> None:
        self.check_content(self.cairn_downloads(key), content)
        self.check_content(self.cairn_prints(key), content)
        told = self.cairn_tells(key)
        kept = {name: value for name, value in told.items() if name.startswith("checksum")}
        self.assertEqual(kept, {f"checksum_{algorithm.lower()}": checksum[0],
                                "checksum_type": checksum[1]})

    # --- Checksums ---

    def test_boto3_reads_files_with_any_checksum(self) -> None:
        for algorithm in CAIRNS:
            for size in (0, 1, PART, IN_PARTS):
                with self.subTest(algorithm=algorithm, size=size):
                    self.require(algorithm)
                    content = random_bytes(size)
                    self.cairn_uploads("a", content, "--checksum-algorithm", algorithm)
                    by_parts = size == IN_PARTS and algorithm not in CRCS
                    kept = (composite if by_parts else whole)(algorithm, content)
                    self.check_boto3_reads("a", content, algorithm, kept)

    def test_boto3_reads_pipes_with_any_checksum(self) -> None:
        for algorithm in CAIRNS:
            for size in (1, PART, PIPED_IN_PARTS):
                with self.subTest(algorithm=algorithm, size=size):
                    self.require(algorithm)
                    content = random_bytes(size)
                    self.cairn_pipes("a", content, "--checksum-algorithm", algorithm)
                    by_parts = size >= PART and algorithm not in CRCS
                    kept = (composite if by_parts else whole)(algorithm, content)
                    self.check_boto3_reads("a", content, algorithm, kept)

    def test_boto3_reads_what_has_the_default_checksum(self) -> None:
        content = random_bytes(1000)
        self.cairn_uploads("a", content)
        self.check_boto3_reads("a", content, "CRC64NVME", whole("CRC64NVME", content))

    def test_cairn_reads_objects_with_any_checksum(self) -> None:
        for algorithm in CHECKSUMS:
            for size in (0, 1, PART):
                with self.subTest(algorithm=algorithm, size=size):
                    self.require(algorithm)
                    content = random_bytes(size)
                    self.boto3_puts("a", content, ChecksumAlgorithm=algorithm)
                    self.check_cairn_reads("a", content, algorithm, whole(algorithm, content))

    def test_cairn_reads_objects_in_parts_with_any_checksum(self) -> None:
        for algorithm in CHECKSUMS:
            with self.subTest(algorithm=algorithm):
                self.require(algorithm)
                content = random_bytes(PIPED_IN_PARTS)
                self.boto3_uploads("a", content, ChecksumAlgorithm=algorithm)
                # S3 has the CRC64NVME of the whole always.
                kept = (whole if algorithm == "CRC64NVME" else composite)(algorithm, content)
                self.check_cairn_reads("a", content, algorithm, kept)

    def test_cairn_reads_objects_in_parts_with_a_checksum_of_the_whole(self) -> None:
        for algorithm in CRCS:
            with self.subTest(algorithm=algorithm):
                self.require(algorithm)
                content = random_bytes(PIPED_IN_PARTS)
                kept = whole(algorithm, content)
                self.boto3_uploads("a", content, **{f"Checksum{algorithm}": kept[0]})
                self.check_cairn_reads("a", content, algorithm, kept)

    def test_copies_keep_their_checksum_or_get_another(self) -> None:
        content = random_bytes(1000)
        for algorithm in CHECKSUMS:
            with self.subTest(algorithm=algorithm):
                self.require(algorithm)
                self.boto3_puts("a", content, ChecksumAlgorithm="SHA256")
                self.cairn("cp", f"{self.url}/a", f"{self.url}/same")
                self.check_boto3_reads("same", content, "SHA256", whole("SHA256", content))
                self.cairn("cp", f"{self.url}/a", f"{self.url}/other",
                           "--checksum-algorithm", algorithm)
                self.check_boto3_reads("other", content, algorithm, whole(algorithm, content))

    def test_damage_is_found_by_both(self) -> None:
        if self.server.name != "versitygw":
            self.skipTest("only versitygw keeps objects in files that can be damaged")
        for algorithm in CHECKSUMS:
            for size in (1000, PIPED_IN_PARTS):
                if size == PIPED_IN_PARTS and algorithm in HASHES:
                    continue  # nobody verifies checksums of parts
                with self.subTest(algorithm=algorithm, size=size):
                    self.require(algorithm)
                    self.cairn_pipes("a", random_bytes(size), "--checksum-algorithm", algorithm)
                    self.damage("a")
                    with self.assertRaises(botocore.exceptions.FlexibleChecksumError):
                        self.boto3_reads("a")
                    for command in (["cp", f"{self.url}/a", "damaged"], ["cat", f"{self.url}/a"]):
                        self.assertIn(algorithm, self.errors(*command))
                    self.assertFalse((self.folder / "damaged").exists())

    def damage(self, key: str) -> None:
        stored = self.site.directory / "objects" / self.bucket / key
        stored.write_bytes(damaged(stored.read_bytes()))

    # --- What is said of objects ---

    def test_boto3_reads_what_cairn_says_of_an_object(self) -> None:
        said = ("--metadata", "author=me,empty=,equation=a=b", "--content-type", "text/x-odd",
                "--content-language", "de, en", "--cache-control", "max-age=60, public",
                "--content-disposition", 'attachment; filename="a b.txt"',
                "--content-encoding", "br", "--expires", "2030-01-02T03:04:05Z")
        for size in (1, IN_PARTS):
            with self.subTest(size=size):
                self.cairn_uploads("a", random_bytes(size), *said)
                told = self.boto3_reads("a")[1]
                self.assertEqual(told["Metadata"], {"author": "me", "empty": "", "equation": "a=b"})
                self.assertEqual(told["ContentType"], "text/x-odd")
                self.assertEqual(told["ContentLanguage"], "de, en")
                self.assertEqual(told["CacheControl"], "max-age=60, public")
                self.assertEqual(told["ContentDisposition"], 'attachment; filename="a b.txt"')
                self.assertEqual(told["ContentEncoding"], "br")
                self.assertEqual(told["ExpiresString"], "Wed, 02 Jan 2030 03:04:05 GMT")

    SAID = {"Metadata": {"author": "me", "empty": "", "odd": "a=b, c"}, "ContentType": "text/x-odd",
            "ContentLanguage": "de, en", "CacheControl": "max-age=60, public",
            "ContentDisposition": 'attachment; filename="a b.txt"', "ContentEncoding": "br"}

    def test_cairn_reads_what_boto3_says_of_an_object(self) -> None:
        for store, size in ((self.boto3_puts, 1), (self.boto3_uploads, PIPED_IN_PARTS)):
            with self.subTest(size=size):
                store("a", random_bytes(size), **self.SAID)
                told = self.cairn_tells("a")
                self.assertEqual(told["size"], size)
                self.assertEqual(told["content_type"], "text/x-odd")
                self.assertEqual(told["content_language"], "de, en")
                self.assertEqual(told["cache_control"], "max-age=60, public")
                self.assertEqual(told["content_disposition"], 'attachment; filename="a b.txt"')
                self.assertEqual(told["content_encoding"], "br")
                self.assertEqual((told["metadata.author"], told["metadata.empty"]), ("me", ""))
                self.assertEqual(told["metadata.odd"], "a=b, c")
                self.assertEqual(told["etag"], self.boto3_reads("a")[1]["ETag"])

    def test_copies_keep_what_boto3_has_said(self) -> None:
        self.boto3_puts("a", b"text", Tagging="team=a%2Bb%3Dc%20d&empty=", **self.SAID)
        self.cairn("cp", f"{self.url}/a", f"{self.url}/copy")
        self.cairn("mv", f"{self.url}/copy", f"{self.url}/moved")
        found, told = self.boto3_reads("moved")
        self.check_content(found, b"text")
        self.assertEqual({name: told[name] for name in self.SAID}, self.SAID)
        tags = self.s3.get_object_tagging(Bucket=self.bucket, Key="moved")["TagSet"]
        self.assertCountEqual(tags, [{"Key": "team", "Value": "a+b=c d"}, {"Key": "empty", "Value": ""}])

    def test_keys_are_the_same(self) -> None:
        keys = ["ü/ß 日本.txt", "a+b c%41&d=e#f", "quote'\"<>", "tilde~!()$;@:,", "back\\slash"]
        for key in keys:
            self.cairn_uploads(key, key.encode())
        listed = self.s3.list_objects_v2(Bucket=self.bucket)["Contents"]
        self.assertCountEqual([each["Key"] for each in listed], keys)
        for key in keys:
            self.assertEqual(self.boto3_reads(key)[0], key.encode())
            self.boto3_puts(key, b"boto3's")
            self.assertEqual(self.cairn_downloads(key), b"boto3's")
        self.assertCountEqual(self.keys(), keys)

    # --- Compression ---

    def test_python_decompresses_what_cairn_compressed(self) -> None:
        for how in ("gzip", "gzip:0", "gzip:9", "zstd", "zstd:-5", "zstd:19"):
            for size in (0, 1, MIB):
                with self.subTest(how=how, size=size):
                    content = compressible(size)
                    self.cairn_uploads("a", content, "--compress", how)
                    self.check_python_decompresses("a", content, how.split(":")[0])

    def test_python_decompresses_what_cairn_compressed_in_parts(self) -> None:
        content = random_bytes(IN_PARTS)
        for encoding in ("gzip", "zstd"):
            for store in (self.cairn_uploads, self.cairn_pipes):
                with self.subTest(encoding=encoding, store=store.__name__):
                    store("a", content, "--compress", encoding)
                    told = self.check_python_decompresses("a", content, encoding)
                    self.assertIn("-", told["ETag"])

    def check_python_decompresses(self, key: str, content: bytes, encoding: str) -> dict:
        found, told = self.boto3_reads(key)
        self.assertEqual(told["ContentEncoding"], encoding)
        self.check_content(DECOMPRESS[encoding](found), content)
        self.check_content(self.cairn_downloads(key), found)
        self.check_content(self.cairn_downloads(key, "--decompress"), content)
        return told

    def test_cairn_decompresses_what_python_compressed(self) -> None:
        for name, (encoding, compress) in COMPRESS.items():
            for size in (0, 1, MIB):
                with self.subTest(name=name, size=size):
                    content = compressible(size)
                    self.boto3_puts("a", compress(content), ContentEncoding=encoding)
                    self.check_content(self.cairn_downloads("a", "--decompress"), content)

    def test_cairn_decompresses_what_python_compressed_in_parts(self) -> None:
        content = random_bytes(PIPED_IN_PARTS)
        for name in ("gzip stored", "zstd frames"):
            with self.subTest(name=name):
                encoding, compress = COMPRESS[name]
                self.boto3_uploads("a", compress(content), ContentEncoding=encoding)
                self.check_content(self.cairn_downloads("a", "--decompress"), content)

    def test_cairn_refuses_what_python_refuses(self) -> None:
        content = compressible(100_000)
        for name, (encoding, compress) in COMPRESS.items():
            good = compress(content)
            for what, bad in (("cut", good[:-3]), ("damaged", damaged(good)),
                              ("followed", good + b"more"), ("another's", b"plain text")):
                with self.subTest(name=name, what=what):
                    self.assertRaises(REFUSALS, DECOMPRESS[encoding.split()[-1]], bad)
                    self.boto3_puts("a", bad, ContentEncoding=encoding)
                    self.assertIn("corrupt", self.errors("cp", f"{self.url}/a", "to",
                                                         "--decompress"))
                    self.assertEqual(self.files(), {})


if __name__ == "__main__":
    sys.exit(run_tests(Differential))
