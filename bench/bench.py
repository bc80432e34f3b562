#!/usr/bin/env python3
"""Measures cairn's CPU time beside a hand-written floor and libcurl, on loopback, in one run.

Server and clients have a core each; every figure is the median of interleaved rounds. Ratios are what
counts: the figures themselves are this machine's."""

import argparse
import resource
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT / "tests" / "servers"))

from s3_servers import processes  # noqa: E402
from s3_servers.installation import MissingPrerequisite  # noqa: E402
from s3_servers.workspace import workspace  # noqa: E402

from harness import clients, nginx, quiet, scenarios  # noqa: E402
from harness.options import keep_files_in_memory, names_of, positive  # noqa: E402
from harness.progress import show_progress  # noqa: E402
from harness.report import report  # noqa: E402
from harness.results import Cost  # noqa: E402

_QUICK_ROUNDS, _QUICK_SCALE = 3, 0.125
_ENOUGH_FILES = 8192


def main() -> int:
    options = parse_command_line()
    processes.unwind_on_signals()
    try:
        return run(options)
    except processes.Interrupted as interruption:
        return 128 + interruption.signum
    except MissingPrerequisite as missing:
        print(f"bench.py needs {missing}", file=sys.stderr)
    except (clients.ClientFailed, nginx.StartFailed) as failure:
        print(f"bench.py: {failure}", file=sys.stderr)
    return 1


def parse_command_line() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path, default=_ROOT / "build" / "bench" / "bench",
                        help="where the client programs have been built (default: %(default)s)")
    parser.add_argument("--scenarios", type=names_of([each.name for each in scenarios.ALL]),
                        default=[each.name for each in scenarios.ALL], metavar="NAME,...",
                        help="of " + ", ".join(each.name for each in scenarios.ALL))
    parser.add_argument("--clients", type=names_of(clients.NAMES), default=list(clients.NAMES),
                        metavar="NAME,...", help="of " + ", ".join(clients.NAMES))
    parser.add_argument("--rounds", type=positive(int), help="how often each is run (default: 5)")
    parser.add_argument("--scale", type=positive(float),
                        help="multiplies the number of requests of a run (default: 1)")
    parser.add_argument("--quick", action="store_true",
                        help=f"{_QUICK_ROUNDS} rounds at scale {_QUICK_SCALE}: to see that it works")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    options = parser.parse_args()
    options.rounds = options.rounds or (_QUICK_ROUNDS if options.quick else 5)
    options.scale = options.scale or (_QUICK_SCALE if options.quick else 1)
    return options


def run(options: argparse.Namespace) -> int:
    chosen = [each.scaled(options.scale) for each in scenarios.ALL if each.name in options.scenarios]
    contestants = [clients.Client(name, options.programs, options.client_core)
                   for name in options.clients]
    require_programs(options)
    allow_many_connections()
    keep_files_in_memory()
    with workspace("bench") as home, nginx.start(home, options.server_core) as server:
        print(f"Clients: on core {options.client_core}, interleaved rounds: {options.rounds}.\n",
              flush=True)
        for contestant in contestants:
            contestant.check_upload(server)
        watch = quiet.Watch((options.server_core, options.client_core), server.pid)
        results = {each.name: measure(each, contestants, server, options.rounds) for each in chosen}
        foreign = watch.foreign_share()
    print(report(chosen, options.clients, results, foreign))
    return 0


def require_programs(options: argparse.Namespace) -> None:
    for name in options.clients:
        if not (options.programs / f"bench-{name}").is_file():
            raise MissingPrerequisite(f"{options.programs}/bench-{name}: run `make bench`, or give "
                                      "--programs")


def allow_many_connections() -> None:
    """A login's usual limit of 1024 files is short of 1024 connections; children inherit ours."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(_ENOUGH_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def measure(scenario, contestants, server, rounds: int) -> dict[str, Cost]:
    runs = {each.name: [] for each in contestants}
    for number in range(rounds):
        show_progress(f"{scenario.title}: round {number + 1} of {rounds}")
        for each in contestants:
            runs[each.name].append(each.measure(scenario, server))
    show_progress("")
    return {name: Cost(scenario, measurements) for name, measurements in runs.items()}


if __name__ == "__main__":
    sys.exit(main())
