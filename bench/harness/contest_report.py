"""The results of contests as Markdown: a row a program, a column a task."""

from collections.abc import Sequence

from .contest import Task
from .results import Cost, Results
from .tables import table

_OURS = "cairn"


def costs(tasks: Sequence[Task], names: Sequence[str], results: Results) -> str:
    """CPU time, and in parentheses how many times that of the first program."""
    base = names[0]
    units = sorted({each.unit.name for each in tasks})
    rows = [[name, *(_cost(results[each.name], name, base, each) for each in tasks)]
            for name in names]
    if _OURS in names[1:] and any(each.goal for each in tasks):
        rows.append([f"cairn, times {base}", *(
            _verdict(each.goal, _ratio(results[each.name], base), 2) for each in tasks)])
    if _OURS in names and len(names) > 2:
        rows.append(["cairn ahead of all peers", *(
            _ahead(results[each.name], names) for each in tasks)])
    return table([f"CPU ({', '.join(units)})", *(each.title for each in tasks)], rows)


def memory(tasks: Sequence[Task], names: Sequence[str], results: Results) -> str:
    rows = [[name, *(f"{results[each.name][name].peak_rss_mib:.0f}" for each in tasks)]
            for name in names]
    if _OURS in names and any(each.rss_goal_mib for each in tasks):
        rows.append(["cairn", *(
            _verdict(each.rss_goal_mib, results[each.name][_OURS].peak_rss_mib, 0)
            for each in tasks)])
    return table(["peak resident MiB", *(each.title for each in tasks)], rows)


def _ratio(found: dict[str, Cost], base: str) -> float:
    return found[_OURS].median / found[base].median


def _cost(found: dict[str, Cost], name: str, base: str, task: Task) -> str:
    cost = found[name].median
    figure = f"{cost:.{task.unit.digits}f}"
    return figure if name == base else f"{figure} ({cost / found[base].median:.2f})"


def _verdict(goal: float | None, figure: float, digits: int) -> str:
    if goal is None:
        return "–"
    return f"≤ {goal:.{digits}f}: {'yes' if figure <= goal else 'no'}"


def _ahead(found: dict[str, Cost], names: Sequence[str]) -> str:
    before = [name for name in names
              if name not in ("floor", _OURS) and found[name].median <= found[_OURS].median]
    return f"no: {', '.join(before)}" if before else "yes"
