"""Programs of several makers at one task, whole processes, in interleaved rounds."""

import dataclasses
from collections.abc import Callable, Sequence

from .clients import Measurement
from .progress import show_progress
from .results import Cost, Results
from .scenarios import Unit


@dataclasses.dataclass(frozen=True)
class Task:
    name: str
    title: str
    unit: Unit
    goal: float | None = None          # cairn's cost, at most so many times the first client's
    rss_goal_mib: float | None = None  # cairn's memory


def hold(tasks: Sequence[Task], clients: Sequence, rounds: int,
         measure: Callable[..., Measurement]) -> Results:
    """`measure(task, client)` does one once, and makes sure that it was done."""
    runs = {task.name: {client.name: [] for client in clients} for task in tasks}
    for number in range(rounds):
        for client in clients:
            for task in tasks:
                show_progress(f"{task.title}: round {number + 1} of {rounds}, {client.name}")
                runs[task.name][client.name].append(measure(task, client))
    show_progress("")
    return {task.name: {name: Cost(task, measured) for name, measured in runs[task.name].items()}
            for task in tasks}


def without(measured: Measurement, start: Measurement | None) -> Measurement:
    """What was measured, less the CPU time that a program's start takes."""
    if not start:
        return measured
    return dataclasses.replace(
        measured, user_seconds=max(0.0, measured.user_seconds - start.user_seconds),
        system_seconds=max(0.0, measured.system_seconds - start.system_seconds))
