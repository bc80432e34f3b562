#!/usr/bin/env python3
"""Measures what transfers cost cairn beside a floor and other S3 clients, on loopback, in one run.

Whole processes are measured; of Python's, the time to start is left out. Server and clients have a core
each, files are in memory, and every figure is the median of interleaved rounds. Ratios are what counts:
the figures themselves are this machine's."""

import argparse
import os
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT / "tests" / "servers"))

from s3_servers import processes  # noqa: E402
from s3_servers.installation import InstallFailed, MissingPrerequisite  # noqa: E402
from s3_servers.server import StartFailed  # noqa: E402

from harness import (compression, contest_report, gateway, host_memory, large_files,  # noqa: E402
                     peers, quiet, small_files, tables, transfer_clients)
from harness.clients import ClientFailed  # noqa: E402
from harness.metered import Meter  # noqa: E402
from harness.options import keep_files_in_memory, names_of, positive  # noqa: E402
from harness.scenarios import MIB  # noqa: E402


def main() -> int:
    options = parse_command_line()
    processes.unwind_on_signals()
    try:
        with host_memory.kept():
            return run(options)
    except processes.Interrupted as interruption:
        return 128 + interruption.signum
    except MissingPrerequisite as missing:
        print(f"transfers.py needs {missing}", file=sys.stderr)
    except (ClientFailed, InstallFailed, StartFailed) as failure:
        print(f"transfers.py: {failure}", file=sys.stderr)
    return 1


def parse_command_line() -> argparse.Namespace:
    known_clients = ["floor", "cairn", "awscrt", "obstore", "s5cmd", "rclone", "libcurl", "boto3"]
    known_tasks = [each.name for each in large_files.TASKS]
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=_ROOT / "build" / "bench",
                        help="what `make bench` has built (default: %(default)s)")
    parser.add_argument("--contests", type=names_of(list(_CONTESTS)), default=list(_CONTESTS),
                        metavar="NAME,...", help="of " + ", ".join(_CONTESTS))
    parser.add_argument("--tasks", type=names_of(known_tasks), default=known_tasks,
                        metavar="NAME,...", help="of large files: of " + ", ".join(known_tasks))
    parser.add_argument("--clients", type=names_of(known_clients), default=known_clients,
                        metavar="NAME,...", help="of " + ", ".join(known_clients))
    parser.add_argument("--rounds", type=positive(int), help="how often each is run (default: 3)")
    parser.add_argument("--size", type=positive(int), metavar="MIB",
                        help="of the large file, which takes three times that memory "
                             "(default: 4096)")
    parser.add_argument("--objects", type=positive(int), help="small ones (default: 10000)")
    parser.add_argument("--quick", action="store_true",
                        help="one round, 256 MiB, 1,000 objects: to see that it works")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 3)
    options.size = (options.size or (256 if options.quick else 4096)) * MIB
    options.objects = options.objects or (1000 if options.quick else 10_000)
    return options


def run(options: argparse.Namespace) -> int:
    gateway.install()
    keep_files_in_memory()
    # The server inherits it; clients are started on their own.
    os.sched_setaffinity(0, {options.server_core})
    meter = Meter(options.build / "bench" / "bench-metered", options.client_core)
    watch = quiet.Watch((options.server_core, options.client_core), os.getpid())
    print(f"Server: versitygw on core {options.server_core}. Clients: on core "
          f"{options.client_core}, interleaved rounds: {options.rounds}.\n", flush=True)
    results = {}
    for name in options.contests:
        results |= _CONTESTS[name](options, meter)
    print(tables.noise(results, watch.foreign_share()))
    return 0


def run_large(options: argparse.Namespace, meter: Meter):
    everyone = transfer_clients.of_large_files(options.build / "bench")
    cairn = next(each for each in everyone if each.name == "cairn")
    clients = chosen(everyone, options)
    tasks = [each for each in large_files.TASKS if each.name in options.tasks]
    results = large_files.measure(tasks, clients, cairn, meter, options.size, options.rounds)
    show(f"{options.size // MIB} MiB in parts of 8 MiB, 16 at once",
         contest_report.costs(tasks, transfer_clients.names(clients), results),
         contest_report.memory(tasks, transfer_clients.names(clients), results))
    return results


def run_small(options: argparse.Namespace, meter: Meter):
    clients = chosen(transfer_clients.of_small_files(options.build / "tools" / "cairn"), options)
    results = small_files.measure(clients, meter, options.objects, options.rounds)
    names = transfer_clients.names(clients)
    show(f"{options.objects:,} objects of 4 KiB",
         contest_report.costs(small_files.TASKS, names, results),
         contest_report.memory(small_files.TASKS, names, results))
    return results


def run_compression(options: argparse.Namespace, meter: Meter):
    contestants = compression.compressors(options.build / "bench")
    results = compression.measure(contestants, meter, options.size // 16, options.rounds)
    show(f"{options.size // 16 // MIB} MiB of a log, one thread",
         contest_report.costs([compression.TASK], [each.name for each in contestants], results))
    return results


def chosen(clients, options: argparse.Namespace):
    return [each for each in clients if each.name in options.clients and is_there(each.program)]


def is_there(program: Path) -> bool:
    if program in (peers.PYTHON, peers.S5CMD, peers.RCLONE):
        return peers.install(program)
    if not program.is_file():
        raise MissingPrerequisite(f"{program}: run `make bench`, or give --build")
    return True


def show(*parts: str) -> None:
    print("\n\n".join(parts), end="\n\n", flush=True)


_CONTESTS = {"large": run_large, "small": run_small, "compression": run_compression}

if __name__ == "__main__":
    sys.exit(main())
