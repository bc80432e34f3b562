#!/usr/bin/env python3
"""Runs the `cairn` command beside an S3 server, as its users do.

    tests/tools/tool_test.py SERVER build/debug/tools/cairn [TEST...]
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import time
from pathlib import Path

from tool_case import (DONE, FAILED, FSYNC_FAILS, MIB, MISUSED, PATIENCE_SECONDS, UNLINK_FAILS, Relay,
                       ToolCase, eventually, run_tests)
from s3_servers import processes

BROKEN_PIPE = 128 + signal.SIGPIPE
PAGE = 4096


def full_pipe() -> tuple[int, int]:
    read, write = os.pipe()
    os.set_blocking(write, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(write, bytes(PAGE)):
            pass
    os.set_blocking(write, True)
    return read, write


def waits_in(process: subprocess.Popen, function: str) -> bool:
    """Whether it sleeps in a function of the kernel."""
    return function in Path(f"/proc/{process.pid}/wchan").read_text()


class Tool(ToolCase):
    # --- Buckets ---

    def test_buckets_are_made_listed_and_removed(self) -> None:
        url = self.url + "-made"
        name = url.removeprefix("s3://")
        self.assertEqual(self.cairn("mb", url), f"make_bucket: {url}\n")
        self.assertIn(name, self.cairn("ls").splitlines())
        self.assertRegex(self.cairn("ls", "-l"), rf"(?m)^\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d {name}$")
        self.cairn("stat", url)
        self.assertEqual(self.cairn("rb", url), f"remove_bucket: {url}\n")
        self.assertNotIn(name, self.cairn("ls").splitlines())

    def test_bucket_that_is_not_empty_stays(self) -> None:
        self.store("a")
        self.assertIn("BucketNotEmpty", self.errors("rb", self.url))
        self.assertEqual(self.keys(), ["a"])

    def test_bucket_goes_with_all_in_it_by_force(self) -> None:
        self.store("a")
        self.store("b/c")
        deleted = f"delete: {self.url}/a\ndelete: {self.url}/b/c\nremove_bucket: {self.url}\n"
        dry = self.cairn("--dry-run", "rb", "--force", self.url)
        self.assertEqual(dry.replace("(dryrun) ", ""), deleted)
        self.assertEqual(self.keys(), ["a", "b/c"])
        self.assertEqual(self.cairn("rb", "--force", self.url), deleted)
        self.assertIn("NoSuchBucket", self.errors("rb", "--force", self.url))
        self.cairn("mb", self.url)
        self.assertEqual(self.cairn("rb", "--force", self.url), f"remove_bucket: {self.url}\n")

    # --- Copying ---

    def test_file_goes_up_and_comes_back(self) -> None:
        for size in (0, 1, 20 * MIB + 1):
            with self.subTest(size=size):
                content = os.urandom(size)
                self.write("file", content)
                self.assertEqual(self.cairn("cp", "file", f"{self.url}/up/"),
                                 f"upload: file to {self.url}/up/file\n")
                self.assertEqual(self.cairn("cp", f"{self.url}/up/file", "back/again"),
                                 f"download: {self.url}/up/file to back/again\n")
                self.assertTrue(self.files("back") == {"again": content})
        self.assertEqual(self.uploads(), [])

    def test_one_file_goes_where_it_is_told(self) -> None:
        self.write("file")
        (self.folder / "there").mkdir()
        self.cairn("cp", "file", self.url)
        self.cairn("cp", "file", f"{self.url}/other name ü")
        self.cairn("cp", f"{self.url}/file", f"{self.url}/copy/")
        self.assertEqual(self.keys(), ["copy/file", "file", "other name ü"])
        self.cairn("cp", f"{self.url}/other name ü", "there")
        self.cairn("cp", f"{self.url}/file", "new/")
        self.assertEqual(self.files("there"), {"other name ü": b"text"})
        self.assertEqual(self.files("new"), {"file": b"text"})

    def test_download_has_the_time_of_its_object(self) -> None:
        self.store("a")
        self.cairn("cp", f"{self.url}/a", "a")
        modified = time.gmtime((self.folder / "a").stat().st_mtime)
        self.assertEqual(time.strftime("%Y-%m-%dT%H:%M:%SZ", modified),
                         self.objects("stat", f"{self.url}/a")[0]["last_modified"])

    def test_tree_goes_up_across_and_comes_back(self) -> None:
        tree = {"a.txt": b"a", "b/c d.txt": b"", "b/ü/e": b"e" * 100, "x+y&z=%41": b"odd"}
        for name, content in tree.items():
            self.write(f"tree/{name}", content)
        (self.folder / "tree" / "empty").mkdir()
        self.cairn("cp", "-r", "tree", f"{self.url}/up")
        self.assertEqual(self.keys(), sorted(f"up/{name}" for name in tree))
        self.cairn("cp", "--recursive", f"{self.url}/up/", f"{self.url}/across")
        self.cairn("cp", "--recursive", f"{self.url}/across", "back")
        self.assertEqual(self.files("back"), tree)
        self.assertEqual(self.errors("cp", "tree", self.url),
                         "cairn: cp tree: invalid argument: tree is a folder (add --recursive)\n")

    def test_filters_choose(self) -> None:
        for name in ("a.txt", "a.tmp", "b/c.txt", "b/c.tmp"):
            self.write(f"tree/{name}")
        self.cairn("cp", "--recursive", "tree", self.url, "--exclude", "*", "--include", "*.txt")
        self.assertEqual(self.keys(), ["a.txt", "b/c.txt"])
        self.cairn("cp", "--recursive", self.url, "back", "--include", "*", "--exclude", "b/*")
        self.assertEqual(list(self.files("back")), ["a.txt"])

    def test_wildcards_choose(self) -> None:
        for key in ("logs/1.gz", "logs/2.gz", "logs/3.txt", "logs/old/4.gz", "other/5.gz"):
            self.store(key, key.encode())
        self.cairn("cp", f"{self.url}/logs/*.gz", "got")
        self.assertEqual(list(self.files("got")), ["1.gz", "2.gz", "old/4.gz"])
        self.assertEqual(self.cairn("cat", f"{self.url}/logs/?.gz"), "logs/1.gzlogs/2.gz")
        self.assertEqual(self.cairn("ls", f"{self.url}/*5*"), "other/5.gz\n")
        self.cairn("mv", f"{self.url}/logs/*.gz", f"{self.url}/moved/")
        self.cairn("cp", f"{self.url}/logs/3.*", f"{self.url}/logs/kept/")
        self.cairn("rm", f"{self.url}/logs/kept/*")
        self.cairn("rm", f"{self.url}/moved/[12]*.gz")
        self.assertEqual(self.keys(), ["logs/3.txt", "moved/old/4.gz", "other/5.gz"])
        for arguments in (["rm"], ["cat"], ["ls"]):
            with self.subTest(arguments=arguments):
                self.assertIn("no object matches", self.errors(*arguments, f"{self.url}/no*"))
        self.assertIn("no object matches", self.errors("cp", f"{self.url}/no*", "."))

    def test_sets_choose(self) -> None:
        for key in ("a.txt", "b.txt", "c.txt", "x[1].txt", "in [x]/d"):
            self.store(key, key.encode())
        self.cairn("cp", f"{self.url}/[ab].txt", "got")
        self.assertEqual(list(self.files("got")), ["a.txt", "b.txt"])
        self.assertEqual(self.cairn("cat", f"{self.url}/[!a-b].txt"), "c.txt")
        self.assertEqual(self.cairn("ls", f"{self.url}/x[[]1].txt"), "x[1].txt\n")
        self.assertIn("no object matches (a [ that the name itself has is written [[])",
                      self.errors("cp", f"{self.url}/x[1].txt", "."))
        self.store("odd[!]")
        self.cairn("mv", f"{self.url}/odd[!]", "odd")
        self.assertEqual((self.folder / "odd").read_bytes(), b"text")
        self.cairn("rm", f"{self.url}/[a-c].txt")
        self.assertEqual(self.keys(), ["in [x]/d", "x[1].txt"])
        self.cairn("sync", f"{self.url}/in [x]", "synced")
        self.assertEqual(list(self.files("synced")), ["d"])

    def test_moves_remove_their_source(self) -> None:
        self.write("file", b"moved")
        self.assertEqual(self.cairn("mv", "file", self.url), f"move: file to {self.url}/file\n")
        self.assertEqual(self.files(), {})
        self.cairn("mv", f"{self.url}/file", f"{self.url}/deep/er")
        self.assertEqual(self.keys(), ["deep/er"])
        self.cairn("mv", "--recursive", f"{self.url}/deep", "back")
        self.assertEqual(self.keys(), [])
        self.assertEqual(self.files("back"), {"er": b"moved"})

    def test_move_onto_itself_loses_nothing(self) -> None:
        self.store("a")
        self.assertIn("are the same (choose another destination)",
                      self.errors("mv", f"{self.url}/a", f"{self.url}/a"))
        self.assertIn("is within", self.errors("mv", "--recursive", self.url, f"{self.url}/b",
                                               status=MISUSED))
        self.assertIn(f"what comes to {self.url}/b/old/ could match {self.url}/b/*.pdf again, since "
                      "wildcards take / too: choose a destination that doesn't start with "
                      f"{self.url}/b/ (", self.errors("mv", f"{self.url}/b/*.pdf",
                                                      f"{self.url}/b/old/", status=MISUSED))
        self.assertEqual(self.keys(), ["a"])

    def test_move_upwards_replaces_none_of_its_sources(self) -> None:
        for key in ("a/x", "a/a/x"):
            self.store(key, key.encode())
        said = self.errors("mv", "--recursive", f"{self.url}/a/", f"{self.url}/")
        self.assertIn(f"it would go to {self.url}/a/x", said)
        self.assertEqual(self.keys(), ["a/a/x", "x"])

    def test_move_that_fails_keeps_its_source(self) -> None:
        self.write("file")
        self.errors("mv", "file", "s3://no-such-bucket-at-all/x")
        self.store("a")
        self.assertIn("file", self.errors("mv", f"{self.url}/a", "file/in-the-way"))
        self.assertEqual((list(self.files()), self.keys()), (["file"], ["a"]))

    def test_move_keeps_what_was_stored_meanwhile(self) -> None:
        # The first look is what finds it, the second comes before the deletion.
        for number, method in ((2, "HEAD"), (1, "DELETE")):
            with self.subTest(method=method):
                self.store("a", b"old")
                asked = []

                def hear(line: str) -> None:
                    asked.append(line.split()[0])
                    if asked[-1] == method and asked.count(method) == number:
                        self.store("a", b"newer")

                told = json.loads(self.errors_through(hear, "--json", "mv", f"{self.url}/a", "a"))
                self.assertIn("(it was replaced since it was read, and not deleted", told["error"])
                self.assertEqual(told["effect"], "applied")
                self.assertEqual(self.cairn("cat", f"{self.url}/a"), "newer")
                self.assertEqual(self.files(), {"a": b"old"})

    def test_move_keeps_a_file_that_was_written_meanwhile(self) -> None:
        self.write("a", b"old")
        told = json.loads(self.errors_through(
            lambda line: line.startswith("HTTP/1.1 200") and self.write("a", b"newer"),
            "--json", "mv", "a", self.url))
        self.assertIn("a has arrived, and has changed since it was read; ", told["error"])
        self.assertEqual((told["effect"], told["hint"]),
                         ("applied", "it was not removed: move it again"))
        self.assertEqual(self.files(), {"a": b"newer"})
        self.assertEqual(self.cairn("cat", f"{self.url}/a"), "old")

    def test_move_tells_a_file_that_can_not_be_removed(self) -> None:
        self.write("a")
        move = ("mv", "a", self.url)
        self.assertEqual(self.errors(*move, under=UNLINK_FAILS),
                         f"cairn: mv a to {self.url}/a: Permission denied: a has arrived, and can't be "
                         "removed; the change was made (remove it yourself)\n")
        self.assertEqual(json.loads(self.errors("--json", *move, under=UNLINK_FAILS))["effect"],
                         "applied")
        self.assertEqual((self.keys(), list(self.files())), (["a"], ["a"]))

    def test_sources_that_are_nothing_are_told(self) -> None:
        self.write("file")
        self.store("folder/", b"")
        for command in ("cp", "mv"):
            for arguments, told in (
                    (["none/", f"{self.url}/x/"], "none/ can't be read: No such file"),
                    (["file/", f"{self.url}/x/"], "file/ can't be read: Not a directory"),
                    ([f"{self.url}/folder/", "./"], "folder/ only stands for a folder")):
                with self.subTest(command=command, arguments=arguments):
                    self.assertIn(told, self.errors(command, *arguments))
        for command in ("cp", "mv", "sync"):
            for arguments in (["", self.url], [self.url, ""]):
                with self.subTest(command=command, arguments=arguments):
                    self.assertIn("can't be empty",
                                  self.errors(command, *arguments, status=MISUSED))
        self.assertEqual((self.keys(), list(self.files())), (["folder/"], ["file"]))

    def test_json_is_utf8_whatever_a_name_is(self) -> None:
        (Path(os.fsdecode(bytes(self.folder) + b"/bad\xff"))).touch()
        lines = self.cairn("cp", "--json", "--dry-run", "--recursive", ".", self.url).splitlines()
        self.assertEqual([json.loads(line)["source"] for line in lines], ["./bad\ufffd"])

    def test_options_describe_objects(self) -> None:
        self.write("file")
        described = ("--content-type", "text/html", "--metadata", "author=me,year=2026",
                     "--cache-control", "max-age=60", "--expires", "2030-01-02T03:04:05Z",
                     "--storage-class", "STANDARD")
        self.cairn("cp", "file", f"{self.url}/up", *described)
        self.cairn("pipe", f"{self.url}/piped", *described, input=b"text")
        self.cairn("cp", f"{self.url}/up", f"{self.url}/copied")
        self.cairn("cp", f"{self.url}/up", f"{self.url}/replaced", "--content-type", "text/css")
        for key in ("up", "piped", "copied"):
            with self.subTest(key=key):
                found = self.objects("stat", f"{self.url}/{key}")[0]
                self.assertEqual(found["content_type"], "text/html")
                self.assertEqual(found["cache_control"], "max-age=60")
                self.assertEqual(found["expires"], "2030-01-02T03:04:05Z")
                self.assertEqual((found["metadata.author"], found["metadata.year"]), ("me", "2026"))
        self.assertIn("\n  content_type: text/css\n", self.cairn("stat", f"{self.url}/replaced"))

    def test_object_is_changed_in_place(self) -> None:
        self.write("file", b"kept")
        url = f"{self.url}/a"
        self.cairn("cp", "file", url, "--metadata", "author=me", "--content-type", "text/css")
        self.assertIn("are the same (choose another, or say what to change: --metadata, ",
                      self.errors("cp", url, url))
        self.assertIn("are the same", self.errors("mv", url, url, "--metadata", "author=you"))
        if self.server.name != "versitygw":  # which has no storage classes
            self.cairn("cp", url, url, "--storage-class", "STANDARD")
        self.assertEqual(self.objects("stat", url)[0]["metadata.author"], "me")
        self.cairn("cp", url, url, "--metadata", "author=you", "--content-type", "text/html")
        found = self.objects("stat", url)[0]
        self.assertEqual((found["metadata.author"], found["content_type"]), ("you", "text/html"))
        self.assertEqual(self.cairn("cat", url), "kept")

    def test_content_type_is_what_the_name_tells(self) -> None:
        self.write("a.HTML")
        self.write("a.unheard-of")
        self.cairn("cp", "a.HTML", f"{self.url}/guessed")
        self.cairn("sync", ".", f"{self.url}/tree")
        self.cairn("pipe", f"{self.url}/piped.css", input=b"text")
        self.cairn("cp", "a.HTML", f"{self.url}/said", "--content-type", "text/plain")
        self.cairn("cp", "a.HTML", f"{self.url}/unsaid", "--no-guess-mime-type")
        self.cairn("cp", "a.unheard-of", f"{self.url}/unknown")
        types = {key: self.objects("stat", f"{self.url}/{key}")[0].get("content_type")
                 for key in ("guessed", "tree/a.HTML", "piped.css", "said", "unsaid", "unknown")}
        unsaid = types.pop("unsaid")
        self.assertEqual(types, {"guessed": "text/html", "tree/a.HTML": "text/html",
                                 "piped.css": "text/css", "said": "text/plain", "unknown": unsaid})
        self.assertNotEqual(unsaid, "text/html")

    def test_checksum_is_what_was_asked_for(self) -> None:
        text_sha256 = "mC2ePrmW9VnmM/TRlN7zdh2Qn1o7ZH0ahR/q1nwyydE="
        self.write("file")
        choice = ("--checksum-algorithm", "SHA256")
        self.cairn("cp", "file", f"{self.url}/up", *choice)
        self.cairn("pipe", f"{self.url}/piped", *choice, input=b"text")
        self.cairn("cp", "file", f"{self.url}/usual")
        for key in ("up", "piped"):
            found = self.objects("stat", f"{self.url}/{key}")[0]
            self.assertEqual(found["checksum_sha256"], text_sha256)
        self.assertIn("checksum_crc64nvme", self.objects("stat", f"{self.url}/usual")[0])

    def test_what_is_compressed_comes_back(self) -> None:
        content = os.urandom(1000) * 1000
        self.write("file", content)
        for how in ("gzip", "zstd:19"):
            with self.subTest(how=how):
                encoding = how.split(":")[0]
                self.cairn("cp", "file", f"{self.url}/up", "--compress", how)
                self.cairn("pipe", f"{self.url}/piped", "--compress", how, input=content)
                for key in ("up", "piped"):
                    found = self.objects("stat", f"{self.url}/{key}")[0]
                    self.assertEqual(found["content_encoding"], encoding)
                    self.assertLess(found["size"], len(content) / 2)
                    self.cairn("cp", f"{self.url}/{key}", "back", "--decompress")
                    self.assertTrue((self.folder / "back").read_bytes() == content)
        self.cairn("mv", f"{self.url}/up", "moved", "--decompress")
        self.assertTrue((self.folder / "moved").read_bytes() == content)
        self.assertEqual(self.keys(), ["piped"])

    def test_no_more_is_decompressed_than_is_allowed(self) -> None:
        self.cairn("pipe", f"{self.url}/bomb", "--compress", "zstd", input=bytes(1 * MIB + 1))
        fetch = ("cp", f"{self.url}/bomb", "out", "--decompress", "--max-output")
        told = self.errors(*fetch, "1MiB")
        self.assertIn("more than 1048576 bytes", told)
        self.assertIn("(allow more output (--max-output) if you trust where it comes from)", told)
        self.assertEqual(self.files(), {})
        self.cairn(*fetch, "1048577")
        self.assertEqual(self.files(), {"out": bytes(1 * MIB + 1)})

    def test_no_more_memory_is_taken_than_is_allowed(self) -> None:
        self.cairn("pipe", f"{self.url}/a", "--compress", "zstd", input=bytes(MIB))
        fetch = ("cp", f"{self.url}/a", "out", "--decompress", "--max-window")
        self.assertIn("(allow a larger window (--max-window) if you trust where it comes from)",
                      self.errors(*fetch, "1KiB"))
        self.assertEqual(self.files(), {})
        self.cairn(*fetch, "8MiB")
        self.assertEqual(self.files(), {"out": bytes(MIB)})

    def test_nothing_is_overwritten_on_request(self) -> None:
        self.write("file", b"new")
        self.store("file", b"old")
        self.assertIn("PreconditionFailed",
                      self.errors("cp", "--if-none-match", "file", f"{self.url}/file"))
        self.assertIn("file exists",
                      self.errors("cp", "--if-none-match", f"{self.url}/file", "file"))
        for command in (["cp", "file", self.url], ["mv", "file", self.url],
                        ["cp", f"{self.url}/file", "file"], ["pipe", f"{self.url}/file"]):
            with self.subTest(command=command):
                self.assertIn("(leave --if-none-match out to replace what is there)",
                              self.errors(*command, "--if-none-match"))
        self.assertEqual(self.cairn("cat", f"{self.url}/file"), "old")
        self.assertEqual(self.files(), {"file": b"new"})

    def test_downloads_survive_a_crash_on_request_and_moves_always(self) -> None:
        self.store("a")
        lost = r"^cairn: (cp|sync|mv) .* can't be written: Input/output error"
        self.cairn("cp", f"{self.url}/a", "a", under=FSYNC_FAILS)
        self.cairn("sync", self.url, "synced", under=FSYNC_FAILS)
        for command in (["cp", f"{self.url}/a", "b", "--fsync"], ["mv", f"{self.url}/a", "b"],
                        ["sync", self.url, "new", "--fsync"]):
            with self.subTest(command=command):
                self.assertRegex(self.errors(*command, under=FSYNC_FAILS), lost)
        self.assertEqual((self.keys(), list(self.files())), (["a"], ["a", "synced/a"]))

    # --- Pipes ---

    def test_pipe_takes_any_length(self) -> None:
        for size in (0, 1, 17 * MIB + 3):
            with self.subTest(size=size):
                content = os.urandom(size)
                self.store("piped", content)
                self.assertTrue(self.run_tool("cat", f"{self.url}/piped")[0] == content)

    def test_pipe_of_an_expected_size_has_parts_for_it(self) -> None:
        content = os.urandom(17 * MIB)
        self.cairn("pipe", f"{self.url}/piped", "--expected-size", "150GiB", input=content)
        (told,) = self.objects("stat", f"{self.url}/piped")
        self.assertTrue(told["etag"].endswith('-2"'), told)  # of 16 MiB
        self.assertTrue(self.run_tool("cat", f"{self.url}/piped")[0] == content)

    def test_closed_stream_is_told(self) -> None:
        self.store("a")
        for command, shell in ((["pipe", f"{self.url}/b"], 'exec "$@" <&-'),
                               (["cat", f"{self.url}/a"], 'exec "$@" >&-')):
            with self.subTest(command=command):
                self.assertIn("Bad file descriptor",
                              self.errors(*command, under=["sh", "-c", shell, "sh"]))
        self.assertEqual(self.keys(), ["a"])

    def test_reader_that_leaves_ends_it_quietly(self) -> None:
        self.store("large", os.urandom(8 * MIB))
        for arguments in (["cat", f"{self.url}/large"], ["ls", self.url]):
            with self.subTest(arguments=arguments):
                read, write = os.pipe()
                os.close(read)
                process = self.start(*arguments, stdout=write, stderr=subprocess.PIPE)
                os.close(write)
                self.assertEqual(process.wait(PATIENCE_SECONDS), BROKEN_PIPE)
                self.assertEqual(process.stderr.read(), b"")

    def test_output_that_can_not_be_written_is_told(self) -> None:
        self.store("a")
        for command in ("ls", "cat"):
            with self.subTest(command=command), open("/dev/full", "wb") as full:
                process = self.start("--json", command, f"{self.url}/a", stdout=full,
                                     stderr=subprocess.PIPE)
                self.assertEqual(process.wait(PATIENCE_SECONDS), FAILED)
                told = json.loads(process.stderr.read())
                self.assertIn("standard output: No space left", told["error"])
                self.assertEqual(told["operation"], command)

    def test_file_that_is_too_large_is_told(self) -> None:
        self.store("a", bytes(MIB))
        self.assertIn("File too large", self.errors("cp", f"{self.url}/a", "a",
                                                    under=("sh", "-c", 'ulimit -f 1; "$@"', "sh")))

    def test_full_pipe_that_does_not_wait_loses_no_line(self) -> None:
        self.store("page", bytes(PAGE))
        none = f"{self.url}/none"
        # The program `cat` itself makes it one that doesn't wait, another one may have before.
        for arguments, room, waits, line in (
                (["cat", f"{self.url}/page", none], PAGE, True, b"cairn: cat "),
                (["stat", none], 0, False, b"cairn: stat "), (["ls", self.url], 0, False, b"page\n")):
            with self.subTest(arguments=arguments):
                read, write = full_pipe()
                os.read(read, room)
                os.set_blocking(write, waits)
                process = self.start(*arguments, stdout=write, stderr=write)
                os.close(write)
                self.assertTrue(eventually(lambda: process.poll() is not None or
                                           waits_in(process, "poll_schedule_timeout")))
                with open(read, "rb") as pipe:
                    said = pipe.read().strip(bytes(1))
                self.assertTrue(said.startswith(line), said)

    # --- Listing ---

    def test_listing_shows_one_level_or_all(self) -> None:
        for key in ("a", "dir/b", "dir/deep/c"):
            self.store(key, b"x" * 1500)
        self.assertEqual(self.cairn("ls", self.url), "dir/\na\n")
        self.assertEqual(self.cairn("ls", f"{self.url}/dir/"), "deep/\nb\n")
        self.assertEqual(self.cairn("ls", f"{self.url}/di"), "dir/\n")
        self.assertEqual(self.cairn("ls", "-r", f"{self.url}/di"), "dir/b\ndir/deep/c\n")
        self.assertEqual(self.cairn("ls", "-r", self.url).splitlines(), self.keys())
        self.assertEqual(self.keys(), ["a", "dir/b", "dir/deep/c"])
        shown = self.cairn("ls", "-l", "--summarize", f"{self.url}/dir/")
        self.assertRegex(shown, r"^ {27}PRE deep/\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d       1500 b\n"
                                r"\nTotal Objects: 1\n   Total Size: 1500\n$")
        self.assertIn("   1.5 KiB a\n", self.cairn("ls", "-l", "--human-readable", self.url))

    def test_listing_of_nothing(self) -> None:
        self.assertEqual(self.cairn("ls", self.url), "")
        self.assertIn("no object has this prefix", self.errors("ls", f"{self.url}/none"))

    def test_json_is_one_object_a_line(self) -> None:
        self.store("dir/a", b"12345")
        self.store("b")
        prefix, listed = self.objects("ls", self.url)
        self.assertEqual(prefix, {"url": f"{self.url}/dir/", "type": "prefix"})
        self.assertEqual((listed["url"], listed["type"], listed["size"]),
                         (f"{self.url}/b", "object", 4))
        self.assertRegex(listed["last_modified"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(self.objects("cp", f"{self.url}/dir/a", "a"),
                         [{"operation": "download", "source": f"{self.url}/dir/a",
                           "destination": "a", "size": 5}])
        self.assertEqual(self.objects("rm", f"{self.url}/b"),
                         [{"operation": "rm", "url": f"{self.url}/b"}])
        self.write("extra/e")
        self.cairn("rm", f"{self.url}/dir/a")
        self.store("kept/k")
        self.assertIn({"operation": "rm", "url": "extra/e"},
                      self.objects("sync", "--delete", f"{self.url}/kept", "extra"))
        none = f"{self.url}/none"
        for command, about in (
                (["cat", none], {"operation": "cat", "url": none}),
                (["stat", none], {"operation": "stat", "url": none}),
                (["cp", none, "a"], {"operation": "cp", "url": none}),
                (["rm", none + "*"], {"operation": "rm", "url": none + "*"}),
                (["cp", "none", none],
                 {"operation": "upload", "source": "none", "destination": none})):
            with self.subTest(command=command):
                told = json.loads(self.errors("--json", *command))
                self.assertEqual(told | about, told)
                self.assertNotIn("effect", told)
        told = json.loads(self.errors("--json", "rb", self.url + "-none"))
        self.assertEqual(told["effect"], "not_applied")
        self.assertEqual((told["operation"], told["url"]), ("rb", self.url + "-none"))
        self.assertEqual((told["code"], told["reason"]), ("NoSuchBucket", "not found"))
        self.assertTrue(told["error"].startswith(f"cairn: rb {self.url}-none: NoSuchBucket: "))
        self.assertIn("create the bucket", told["hint"])

    # --- Removing ---

    def test_prefix_is_removed_without_its_neighbours(self) -> None:
        for key in ("a", "dir/b", "dir/c/d", "dir2/e"):
            self.store(key)
        self.assertEqual(self.cairn("rm", "--recursive", f"{self.url}/dir"),
                         f"delete: {self.url}/dir/b\ndelete: {self.url}/dir/c/d\n")
        self.assertEqual(self.keys(), ["a", "dir2/e"])
        self.cairn("rm", "-r", self.url, "--exclude", "a")
        self.assertEqual(self.keys(), ["a"])
        self.cairn("rm", f"{self.url}/a", f"{self.url}/none")
        self.assertEqual(self.keys(), [])

    # --- Sync ---

    def test_sync_transfers_what_has_changed(self) -> None:
        self.write("tree/a", b"1")
        self.write("tree/b/c", b"2")
        up = ("sync", "tree", f"{self.url}/t")
        down = ("sync", f"{self.url}/t", "back")
        across = ("sync", f"{self.url}/t", f"{self.url}/across")
        for way, word in ((up, "upload:"), (down, "download:"), (across, "copy:")):
            with self.subTest(way=way):
                self.assertEqual(self.cairn(*way).count(word), 2)
                self.assertEqual(self.cairn(*way), "")
        self.assertEqual(self.cairn(*down, "--exact-timestamps"), "")
        self.assertEqual(self.files("back"), {"a": b"1", "b/c": b"2"})

        self.write("tree/a", b"longer")
        self.assertEqual(self.cairn(*up), f"upload: tree/a to {self.url}/t/a\n")
        self.write("tree/a", b"LONGER")
        later = time.time() + 1000
        os.utime(self.folder / "tree" / "a", (later, later))
        self.assertEqual(self.cairn(*up, "--size-only"), "")
        self.assertEqual(self.cairn(*up).count("upload:"), 1)
        self.assertEqual(self.cairn(*down).count("download:"), 1)
        self.assertEqual(self.files("back")["a"], b"LONGER")

    def test_sync_deletes_on_request_only(self) -> None:
        for name in ("keep", "gone", "spared.log"):
            self.write(f"tree/{name}")
        self.cairn("sync", "tree", self.url)
        for name in ("gone", "spared.log"):
            (self.folder / "tree" / name).unlink()
        self.assertEqual(self.cairn("sync", "tree", self.url), "")
        self.assertEqual(self.cairn("sync", "--delete", "--exclude", "*.log", "tree", self.url),
                         f"delete: {self.url}/gone\n")
        self.assertEqual(self.keys(), ["keep", "spared.log"])
        self.write("down/extra")
        self.cairn("sync", "--delete", self.url, "down")
        self.assertEqual(list(self.files("down")), ["keep", "spared.log"])

    def test_sync_deletes_nothing_that_it_can_not_compare(self) -> None:
        self.write("tree/a")
        (self.folder / "tree" / "broken").symlink_to("nowhere")
        self.store("broken")
        self.assertIn("can't be read", self.errors("sync", "--delete", "none", self.url))
        told = self.errors("sync", "--delete", "tree", self.url)
        self.assertIn("can't be read", told)
        self.assertIn("nothing is deleted", told)
        self.assertNotIn("nothing is deleted", self.errors("sync", "tree", self.url))
        self.assertEqual(self.keys(), ["a", "broken"])

    def test_sync_deletes_nothing_where_nothing_has_the_prefix(self) -> None:
        self.write("site/a")
        self.store("site/a")
        for to, way in (("site", "rm -r"), (f"{self.url}/site", "cairn rm --recursive")):
            with self.subTest(to=to):
                told = self.errors("sync", "--delete", f"{self.url}/typo", to)
                self.assertIn(f"cairn: sync {self.url}/typo: not found: no object has this prefix "
                              f"(nothing was deleted; if all of {to} is to go, use {way})\n", told)
        self.assertEqual((self.keys(), list(self.files())), (["site/a"], ["site/a"]))
        self.cairn("sync", "--delete", f"{self.url}/site", "site", "--exclude", "*")

    def test_sync_tells_what_nothing_has(self) -> None:
        self.assertEqual(self.cairn("sync", self.url, "site"), "")
        self.assertIn("the bucket is empty (nothing was deleted",
                      self.errors("sync", "--delete", self.url, "site"))
        self.store("site/a")
        for to in ("site", f"{self.url}/copy"):
            with self.subTest(to=to):
                self.assertIn("no object has this prefix (`cairn ls ",
                              self.errors("sync", f"{self.url}/typo", to))
                self.assertIn("no object has this prefix (it is an object: use cairn cp)",
                              self.errors("sync", f"{self.url}/site/a", to))

    def test_sync_tells_a_folder_that_can_not_be_looked_at(self) -> None:
        self.store("a")
        (self.folder / "loop").symlink_to("loop")
        self.assertRegex(self.errors("sync", self.url, "loop"),
                         "^cairn: sync loop: .*loop can't be read: Too many levels of symbolic")

    def test_dry_run_changes_nothing(self) -> None:
        self.write("tree/a")
        self.store("b")
        for arguments in (["cp", "tree/a", self.url], ["mv", "tree/a", self.url],
                          ["cp", f"{self.url}/b", "c"], ["mv", f"{self.url}/b", f"{self.url}/c"],
                          ["rm", f"{self.url}/b"], ["rm", "--recursive", self.url],
                          ["sync", "--delete", "tree", self.url],
                          ["sync", "--delete", self.url, "tree"],
                          ["mb", f"{self.url}-dry"], ["rb", self.url],
                          ["pipe", f"{self.url}/d"], ["cat", f"{self.url}/b"]):
            with self.subTest(arguments=arguments):
                said = self.cairn("--dry-run", *arguments).splitlines()
                self.assertTrue(said and all(line.startswith("(dryrun) ") for line in said), said)
        self.assertEqual((self.keys(), self.files()), (["b"], {"tree/a": b"text"}))

    # --- What goes wrong ---

    def test_one_that_fails_keeps_no_other_back(self) -> None:
        for name in ("a", "c"):
            self.write(f"tree/{name}")
        (self.folder / "tree" / "b").symlink_to("nowhere")
        self.assertRegex(self.errors("cp", "--recursive", "tree", self.url),
                         r"^cairn: cp tree: .*tree/b can't be read: No such file")
        self.assertEqual(self.keys(), ["a", "c"])
        self.write("back/a/in-the-way")
        self.assertIn(f"cairn: cp {self.url}/a to back/a: ",
                      self.errors("cp", "--recursive", self.url, "back"))
        self.assertEqual(list(self.files("back")), ["a/in-the-way", "c"])

    def test_sources_that_are_not_there_are_told(self) -> None:
        self.assertRegex(self.errors("cp", "none", self.url),
                         rf"^cairn: cp none to {self.url}/none: .*none .*No such file")
        self.assertIn(f"cairn: cp {self.url}/none: not found",
                      self.errors("cp", f"{self.url}/none", "x"))
        self.assertEqual(self.files(), {})

    def test_dry_run_tells_what_can_not_be_sent(self) -> None:
        os.mkfifo(self.folder / "pipe")
        self.write("there")
        self.store("a")
        for arguments, told in ((["none", self.url], "none can't be read: No such file"),
                                (["pipe", self.url], "pipe is not a regular file"),
                                ([f"{self.url}/a", "there", "--if-none-match"],
                                 "there exists, and is not replaced (leave "),
                                ([f"{self.url}/a", f"{self.url}/a"], "are the same")):
            with self.subTest(arguments=arguments):
                self.assertIn(told, self.errors("cp", "--dry-run", *arguments))
                self.assertIn(told, self.errors("cp", *arguments))
        for more in ([], ["--recursive"]):
            self.assertIn("(wildcards of files are for the shell to expand",
                          self.errors("cp", *more, "*.txt", self.url))

    def test_files_that_are_taken_for_folders_are_told(self) -> None:
        self.write("a")
        self.store("a")
        for arguments, hint in ((["cp", "-r", "a", self.url], "leave --recursive out for a file"),
                                (["sync", "a", self.url], "use cairn cp for a file"),
                                (["sync", self.url, "a"], "choose a folder")):
            with self.subTest(arguments=arguments):
                self.assertRegex(self.errors(*arguments), rf"a is not a folder.*\({hint}\)\n$")

    def test_links_to_nowhere_are_told(self) -> None:
        self.store("a")
        (self.folder / "link").symlink_to("nowhere/x")
        for arguments in (["link", self.url], ["--recursive", "link", self.url],
                          [f"{self.url}/a", "link"], [f"{self.url}/a", "link/deeper/b"],
                          ["--recursive", self.url, "link"]):
            with self.subTest(arguments=arguments):
                self.assertIn("(link is a symbolic link that leads nowhere",
                              self.errors("cp", *arguments))
        self.assertEqual(self.keys(), ["a"])

    def test_prefixes_that_are_taken_for_objects_are_told(self) -> None:
        self.store("photos/a")
        for command, key in (("cp", "photos"), ("cp", "photos/"), ("mv", "photos")):
            with self.subTest(command=command, key=key):
                url = f"{self.url}/{key}"
                self.assertEqual(self.errors(command, url, "."),
                                 f"cairn: {command} {url}: invalid argument: {url} is a prefix "
                                 "(add --recursive)\n")
        self.assertNotIn("--recursive", self.errors("cp", f"{self.url}/photo", "."))
        self.assertEqual((self.keys(), self.files()), (["photos/a"], {}))

    def test_keys_that_lead_out_of_the_folder_are_refused(self) -> None:
        if self.server.name == "versitygw":
            self.skipTest("versitygw keeps objects in files by their keys")
        for key in ("t/../x", "t//etc/x", "t/u/../../y", "t/a..b", "t/ok"):
            self.store(key)
        self.store("t/sub/", b"")
        for command in (["cp", "--recursive"], ["sync"]):
            with self.subTest(command=command):
                told = self.errors(*command, f"{self.url}/t", f"in/{command[0]}").splitlines()
                self.assertEqual(len(told), 3, told)
                self.assertTrue(all("no file is written for it" in line for line in told), told)
                self.assertEqual(list(self.files(f"in/{command[0]}")), ["a..b", "ok"])
        self.assertEqual(os.listdir(self.folder), ["in"])

    def test_misuse_is_told_with_status_2(self) -> None:
        for arguments in ([], ["nope"], ["cp"], ["cp", "a"], ["cp", "a", "b"], ["ls", "--nope"],
                          ["ls", "a"], ["rm", "a"], ["rm", self.url], ["mb", "bucket"],
                          ["mb", "s3://bucket/key"], ["cat", self.url], ["pipe", "s3://"],
                          ["sync", "a", "b"], ["sync", f"{self.url}/*", "b"], ["stat", "a"],
                          ["cp", self.url, "a"], ["cp", "a", "-"], ["cp", "-", self.url],
                          ["cp", "a", self.url, "--storage-class", "NONE"],
                          ["cp", "a", self.url, "--metadata", "x"],
                          ["cp", "a", self.url, "--expires", "soon"],
                          ["cp", "a", self.url, "--checksum-algorithm", "SHA3"],
                          ["cp", "a", self.url, "--compress", "brotli"],
                          ["cp", "a", self.url, "--compress", "gzip:best"],
                          ["cp", "a", self.url, "--compress", "zstd:99"],
                          ["cp", f"{self.url}/a", "b", "--compress", "gzip"],
                          ["cp", "a", self.url, "--decompress"],
                          ["cp", "a", self.url, "--fsync"], ["sync", "a", self.url, "--fsync"],
                          ["cp", f"{self.url}/a", "b", "--max-output", "1GiB"],
                          ["cp", f"{self.url}/a", "b", "--decompress", "--max-output", "much"],
                          ["cp", f"{self.url}/a", "b", "--max-window", "1GiB"],
                          ["sync", "a", self.url, "--compress", "gzip"],
                          ["sync", f"{self.url}/a", f"{self.url}/a/b"],
                          ["sync", f"{self.url}/a/b", f"{self.url}/a"],
                          ["sync", self.url, f"{self.url}/a"],
                          ["pipe", f"{self.url}/a", "--expected-size", "much"],
                          ["pipe", f"{self.url}/a", "--expected-size", "1TiB", "--part-size",
                           "8MiB"],
                          ["cp", "a", self.url, "--part-size", "many"],
                          ["cp", f"{self.url}/a", "b", "--part-size", "0"],
                          ["cp", f"{self.url}/a", "b", "--part-size", "-1"]):
            with self.subTest(arguments=arguments):
                self.assertRegex(self.errors(*arguments, status=MISUSED),
                                 r"^cairn: .*\(see cairn .*--help\)\n$")

    def test_parts_that_s3_refuses_are_told_at_once(self) -> None:
        self.write("tree/a")
        for command in (["cp", "tree/a"], ["sync", "tree"], ["pipe"]):
            for size in ("0", "1KiB", "5242879", "6GiB"):
                with self.subTest(command=command, size=size):
                    self.assertRegex(self.errors(*command, f"{self.url}/x", "--part-size", size,
                                                 status=MISUSED), "^cairn: .*--part-size")
        self.assertIn("S3 takes parts of 5 MiB to 5 GiB",
                      self.errors("cp", "tree/a", self.url, "--part-size", "1KiB", status=MISUSED))
        self.assertEqual(self.keys(), [])
        self.cairn("cp", "tree/a", self.url, "--part-size", "5MiB")
        self.cairn("cp", f"{self.url}/a", "a", "--part-size", "1")

    def test_unknown_words_are_named(self) -> None:
        for word in ("frobnicate", "--frobnicate"):
            with self.subTest(word=word):
                self.assertEqual(self.errors("--quiet", word, "x", status=MISUSED),
                                 f"cairn: no command or option: {word} (see cairn --help)\n")

    def test_wildcards_of_buckets_are_told(self) -> None:
        for arguments in (["ls"], ["rb"], ["rm", "-r"], ["stat"], ["cp", "-r", "."], ["sync", "."]):
            for bucket in ("s3://d*", "s3://d?cs/", "s3://[ab]"):
                with self.subTest(arguments=arguments, bucket=bucket):
                    self.assertIn(f"{bucket.strip('/')}: keys take wildcards, buckets don't; "
                                  "`cairn ls` lists the buckets (",
                                  self.errors(*arguments, bucket, status=MISUSED))
        self.assertIn("keys take wildcards", self.errors("cat", "s3://d*/a", status=MISUSED))

    def test_sync_tells_why_it_can_not_compress(self) -> None:
        for option in (["--compress", "zstd"], ["--compress=gzip"], ["--decompress"]):
            with self.subTest(option=option):
                self.assertIn("cairn: sync: it compares sizes, which compression changes: use ",
                              self.errors("sync", "a", self.url, *option, status=MISUSED))
        self.assertNotIn("compress", self.cairn("sync", "--help"))

    def test_more_than_one_source_is_told(self) -> None:
        for command, more in (("cp", "--recursive "), ("sync", "")):
            with self.subTest(command=command):
                self.assertIn(f"too many: c: one SOURCE is taken; quote wildcards of S3 URLs for the "
                              f"shell, or choose from a folder with {more}--exclude '*' --include PATTERN (",
                              self.errors(command, "a", "b", "c", status=MISUSED))
        self.assertIn("too many: s3://b (", self.errors("ls", "s3://a", "s3://b", status=MISUSED))
        self.assertIn("not expected: --nope (", self.errors("cp", "a", "s3://b", "--nope",
                                                            status=MISUSED))

    def test_help_is_given(self) -> None:
        self.assertIn("Exit status:", self.cairn("--help"))
        self.assertRegex(self.cairn("--version"), r"^cairn \d+\.\d+\.\d+\n$")
        for command in "cat cp ls mb mv pipe rb rm stat sync".split():
            with self.subTest(command=command):
                self.assertIn(f"cairn {command} ", self.cairn(command, "--help").split("Examples:")[1])

    def test_bucket_that_is_not_there_is_told(self) -> None:
        self.write("file")
        self.assertRegex(self.errors("cp", "file", "s3://no-such-bucket-at-all/x"),
                         r"^cairn: cp file to s3://no-such-bucket-at-all/x: NoSuchBucket: "
                         r".*\(create the bucket, or check its name.*\)\n$")
        # Replies to HEAD don't say it.
        for command, *more in (["cp", "."], ["mv", "."], ["cat"], ["stat"]):
            with self.subTest(command=command):
                url = "s3://no-such-bucket-at-all/x"
                self.assertRegex(self.errors(command, url, *more),
                                 rf"^cairn: {command} {url}: NoSuchBucket: .*\(create the bucket")
        self.assertIn("NoSuchBucket", self.errors("stat", "s3://no-such-bucket-at-all"))

    def test_what_is_not_there_is_told_with_what_to_do(self) -> None:
        self.store("dir/a")
        for command in (["cp", f"{self.url}/none", "."], ["cat", f"{self.url}/none"],
                        ["stat", f"{self.url}/none"], ["ls", f"{self.url}/none"],
                        ["rm", "--recursive", f"{self.url}/none"], ["cat", f"{self.url}/none*"],
                        ["cp", "--recursive", f"{self.url}/none", "."]):
            with self.subTest(command=command):
                self.assertIn(f"(`cairn ls {self.url}/` lists what is there)\n",
                              self.errors(*command))
        for command in ("cat", "stat"):
            self.assertIn(f"{self.url}/dir is a prefix (", self.errors(command, f"{self.url}/dir"))

    def test_credentials_that_are_not_there_are_told(self) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del self.environment[name]
        self.assertRegex(self.errors("ls", self.url),
                         r"^cairn: ls s3://.*: no credentials: .*\(set AWS_ACCESS_KEY_ID .*\)\n$")
        self.assertIn("AccessDenied", self.errors("--no-sign-request", "ls", self.url))

    def test_server_that_is_down_is_told(self) -> None:
        self.assertRegex(self.errors("ls", self.url, "--endpoint-url", "http://127.0.0.1:1"),
                         r"^cairn: ls s3://.*: connection failed: .*Connection refused.* "
                         r"\(is the server of http://127.0.0.1:1 running.*\)\n$")

    def test_settings_that_can_not_be_used_are_told(self) -> None:
        for option, value in (("--profile", "none"), ("--endpoint-url", "ftp://x"),
                              ("--ca-bundle", "none.pem"), ("--region", "a b")):
            with self.subTest(option=option):
                told = self.errors("ls", option, value)
                self.assertRegex(told, "^cairn: configuration: ")
                self.assertIn(value, told)
                as_json = json.loads(self.errors("--json", "ls", option, value))
                self.assertEqual((as_json["operation"], as_json["error"] + "\n"), ("ls", told))

    # --- Signals ---

    def test_signal_in_mid_upload_leaves_nothing_behind(self) -> None:
        if self.server.name == "versitygw":
            self.skipTest("versitygw lists an upload again if a part was on its way when it was aborted")
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                process = self.start("pipe", f"{self.url}/piped", stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                process.stdin.write(bytes(20 * MIB))
                process.stdin.flush()
                self.assertTrue(eventually(lambda: self.uploads() == ["piped"]))
                process.send_signal(number)
                self.assertEqual(process.wait(PATIENCE_SECONDS), 128 + number)
                self.assertEqual((process.stdout.read(), process.stderr.read()), (b"", b""))
                self.assertEqual((self.uploads(), self.keys()), ([], []))

    def test_signal_while_the_server_is_silent_ends_it(self) -> None:
        self.store("a")
        for command in (["cp", f"{self.url}/a", "a"], ["sync", self.url, "b"]):
            with self.subTest(command=command):
                self.signal_while_the_server_is_silent(command)
        self.assertEqual(self.files(), {})

    def signal_while_the_server_is_silent(self, command: list[str]) -> None:
        self.site.freeze()
        try:
            process = self.start(*command, stderr=subprocess.PIPE)
            self.assertTrue(eventually(lambda: any(
                name.startswith("socket:") for name in processes.open_files_of(process.pid))))
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(PATIENCE_SECONDS), 128 + signal.SIGINT)
            self.assertEqual(process.stderr.read(), b"")
        finally:
            self.site.thaw()

    def test_signal_in_a_request_tells_that_it_may_have_been_carried_out(self) -> None:
        self.write("a")
        started: queue.Queue[subprocess.Popen] = queue.Queue()

        def hear(line: str) -> None:
            if line.startswith("PUT"):
                process = started.get(timeout=PATIENCE_SECONDS)
                process.send_signal(signal.SIGINT)
                process.wait(PATIENCE_SECONDS)

        with Relay(self.site, hear) as relay:
            process = self.start("--json", "cp", "a", self.url, "--endpoint-url", relay.endpoint,
                                 stderr=subprocess.PIPE)
            started.put(process)
            told = json.loads(process.stderr.read())
        self.assertEqual((told["effect"], told["destination"]), ("unknown", f"{self.url}/a"))
        self.assertEqual(process.wait(PATIENCE_SECONDS), 128 + signal.SIGINT)

    def test_signal_says_when_cleaning_up_takes_long_and_a_second_one_ends_it(self) -> None:
        process = self.start("pipe", f"{self.url}/piped", stdin=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        process.stdin.write(bytes(20 * MIB))
        process.stdin.flush()
        self.assertTrue(eventually(lambda: self.uploads() == ["piped"]))
        self.site.freeze()
        try:
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.stderr.readline(),
                             b"cairn: stopping: cleaning up (Ctrl-C again ends at once)\n")
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(PATIENCE_SECONDS), -signal.SIGINT)
            self.assertEqual(process.stderr.read(), b"")
        finally:
            self.site.thaw()

    def test_signal_after_the_end_neither_prints_nor_waits(self) -> None:
        self.store("a")
        read, write = full_pipe()
        process = self.start("ls", self.url, stdout=write, stderr=subprocess.PIPE)
        self.assertTrue(eventually(lambda: waits_in(process, "pipe_write")))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE_SECONDS), 128 + signal.SIGINT)
        self.assertEqual(process.stderr.read(), b"")
        os.close(read)
        os.close(write)

    # --- Progress ---

    def test_progress_is_one_line_of_a_terminal(self) -> None:
        terminal, end = os.openpty()
        process = self.start("pipe", f"{self.url}/piped", stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=end)
        os.close(end)
        process.stdin.write(bytes(MIB))
        process.stdin.flush()
        shown = b""
        while b"/s" not in shown:
            shown += os.read(terminal, 1000)
        self.assertRegex(shown, rb"\r[0-9.]+ [A-Za-z]+, [0-9.]+ [A-Za-z]+/s")
        self.assertNotIn(b"\n", shown)
        self.assertNotIn(b"objects", shown)
        process.stdin.close()
        self.assertEqual(process.wait(PATIENCE_SECONDS), DONE)
        os.close(terminal)

    def test_progress_is_not_for_what_takes_no_time(self) -> None:
        self.write("file")
        self.assertEqual(self.run_tool("cp", "file", self.url)[1], "")
        self.assertEqual(self.run_tool("cp", "file", self.url, "--quiet"), (b"", ""))


if __name__ == "__main__":
    sys.exit(run_tests(Tool))
