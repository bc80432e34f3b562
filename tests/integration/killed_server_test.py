#!/usr/bin/env python3
"""Kills a real S3 server with SIGKILL under load, several times, and starts it again with what is
on its disk; the tests in killed_server_test.cpp go on meanwhile, and look for what got lost.

    tests/integration/killed_server_test.py build/debug/tests/integration
"""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))

import serve
from s3_servers import SERVERS, processes
from s3_servers.server import Site

KILLS = 5
WRITES_BETWEEN = 150  # acknowledged ones


def main() -> int:
    server = SERVERS["versitygw"]  # it keeps its objects in files
    processes.unwind_on_signals()
    problem = serve.install(server)
    if problem:
        return problem
    with server.running(tls=False) as site:
        environment = serve.environment_for(server, site) | {
            "CAIRN_TEST_ACKNOWLEDGED_WRITES": str((KILLS + 1) * WRITES_BETWEEN)}
        program = processes.start([sys.argv[1], "--gtest_filter=killed_server.*"],
                                  env=environment, stdout=subprocess.PIPE, text=True)
        kills = kill_again_and_again(program, site)
        status = program.wait()
    if kills < KILLS:
        print(f"FAIL: the program ended after {kills} of {KILLS} kills")
        return 1
    print(f"killed {kills} times")
    return status


def kill_again_and_again(program: subprocess.Popen, site: Site) -> int:
    """After each so many acknowledged writes; gives how often."""
    acknowledged = kills = 0
    for line in program.stdout:
        if not line.startswith("acknowledged"):
            print(line, end="", flush=True)
            continue
        acknowledged += 1
        if acknowledged % WRITES_BETWEEN == 0 and kills < KILLS:
            site.kill()
            site.restart()
            kills += 1
    return kills


if __name__ == "__main__":
    sys.exit(main())
