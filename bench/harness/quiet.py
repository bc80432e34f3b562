"""Tells whether other programs ran on the cores that were measured."""

import os
import resource
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


class Watch:
    """The share of some cores' time that went to neither the server nor our children."""

    def __init__(self, cores: Iterable[int], server_pid: int) -> None:
        self._cores = set(cores)
        self._server_pid = server_pid
        self._before = self._sample()

    def foreign_share(self) -> float:
        busy, total, ours = (after - before
                             for after, before in zip(self._sample(), self._before))
        return max(0.0, (busy - ours) / total) if total else 0.0

    def _sample(self) -> tuple[float, float, float]:
        busy, total = _core_seconds(self._cores)
        return busy, total, _process_tree_seconds(self._server_pid) + _children_seconds()


def _core_seconds(cores: set[int]) -> tuple[float, float]:
    busy = total = 0.0
    names = {f"cpu{core}" for core in cores}
    for line in Path("/proc/stat").read_text().splitlines():
        name, *ticks = line.split()
        if name not in names:
            continue
        user, nice, system, idle, iowait, irq, softirq, steal = map(int, ticks[:8])
        work = user + nice + system + irq + softirq + steal
        busy += work / _TICKS
        total += (work + idle + iowait) / _TICKS
    return busy, total


def _process_tree_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (user + system) / _TICKS + sum(_process_tree_seconds(int(each)) for each in children)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
