"""The results as Markdown."""

from collections.abc import Sequence

from .results import Cost, Results
from .scenarios import REFERENCE, Scenario
from .tables import noise, table


def report(scenarios: Sequence[Scenario], clients: Sequence[str], results: Results,
           foreign_share: float) -> str:
    parts = (_cost_table(scenarios, clients, results), _memory_table(scenarios, clients, results),
             noise(results, foreign_share))
    return "\n\n".join(filter(None, parts))


def _cost_table(scenarios, clients, results: Results) -> str:
    rows = [[each.title, each.unit.name,
             *(cell for name in clients for cell in _cost_cells(each, name, results)),
             _goal(each), _verdict(each, results)] for each in scenarios]
    head = ["scenario", "unit", *(cell for name in clients for cell in _cost_head(name)), "goal", "met"]
    return table(head, rows)


def _cost_head(client: str) -> list[str]:
    return [client] if client == "floor" else [client, "÷ floor"]


def _cost_cells(scenario: Scenario, client: str, results: Results) -> list[str]:
    cost, floor = _find(results, scenario.name, client), _find(results, scenario.name, "floor")
    figure = f"{cost.median:.{scenario.unit.digits}f}"
    if client == "floor":
        return [figure]
    return [figure, f"{cost.median / floor.median:.2f}" if floor else "–"]


def _goal(scenario: Scenario) -> str:
    if scenario.floor_goal:
        return f"≤ {scenario.floor_goal:.2f} × floor"
    return f"≤ {scenario.reference_goal:.2f} × cairn at 64"


def _verdict(scenario: Scenario, results: Results) -> str:
    cairn = _find(results, scenario.name, "cairn")
    if scenario.floor_goal:
        base, factor = _find(results, scenario.name, "floor"), scenario.floor_goal
    else:
        base, factor = _find(results, REFERENCE, "cairn"), scenario.reference_goal
    if not cairn or not base:
        return "–"
    ratio = cairn.median / base.median
    return f"yes ({ratio:.2f})" if ratio <= factor else f"no ({ratio:.2f})"


def _memory_table(scenarios, clients, results: Results) -> str:
    rows = []
    for each in (each for each in scenarios if each.rss_goal_mib):
        costs = [_find(results, each.name, name) for name in clients]
        rows.append([each.title, *(f"{cost.peak_rss_mib:.1f}" for cost in costs),
                     f"≤ {each.rss_goal_mib:g}"])
    return table(["peak resident MiB", *clients, "goal"], rows) if rows else ""


def _find(results: Results, scenario: str, client: str) -> Cost | None:
    return results.get(scenario, {}).get(client)
