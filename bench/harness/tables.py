"""What every report has."""

from collections.abc import Sequence

from .results import Results

_TOLERABLE_FOREIGN_SHARE = 0.03


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
                     for line in lines)


def noise(results: Results, foreign_share: float) -> str:
    """Whether the figures can be believed."""
    worst = max((cost.spread, scenario, client) for scenario, costs in results.items()
                for client, cost in costs.items())
    lines = ["Rounds differ by at most {:.0%} of their median ({}, {}); other programs had {:.0%} of "
             "the two cores.".format(*worst, foreign_share)]
    if foreign_share > _TOLERABLE_FOREIGN_SHARE:
        lines.append("**Not a measurement: the cores were shared. Run it again on a quiet machine.**")
    return "\n".join(lines)
