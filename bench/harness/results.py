"""Medians of what was measured."""

import statistics
from collections.abc import Sequence

from .clients import Measurement
from .scenarios import Scenario


class Cost:
    """The CPU that one client needed in one scenario, over all rounds."""

    def __init__(self, scenario: Scenario, runs: Sequence[Measurement]) -> None:
        costs = [scenario.unit.cost(each.cpu_seconds, each.requests, each.bytes) for each in runs]
        self.median = statistics.median(costs)
        self.spread = (max(costs) - min(costs)) / self.median
        self.peak_rss_mib = max(each.peak_rss_kib for each in runs) / 1024


Results = dict[str, dict[str, Cost]]  # by scenario, by client
