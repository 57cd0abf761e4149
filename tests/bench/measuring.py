"""Times taken in turns, so that whatever else the machine does falls on all subjects alike."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of every call."""

    seconds: tuple[float, ...]

    @property
    def p10(self) -> float:
        """What a call takes while the machine does nothing else."""
        return self._percentile(10)

    @property
    def p50(self) -> float:
        return self._percentile(50)

    @property
    def p95(self) -> float:
        return self._percentile(95)

    @property
    def p99(self) -> float:
        return self._percentile(99)

    def _percentile(self, wanted: int) -> float:
        if len(self.seconds) == 1:
            return self.seconds[0]
        return quantiles(self.seconds, n=100, method="inclusive")[wanted - 1]


def in_turns(
    subjects: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    warm_up: int = 3,
    most_seconds: float = 60.0,
    fewest_rounds: int = 15,
) -> dict[str, Times]:
    """Call each subject once a round. The first rounds are not counted; slow ones end early."""
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    until = time.perf_counter() + most_seconds
    for at in range(-warm_up, rounds):
        if at >= fewest_rounds and time.perf_counter() > until:
            break
        for name, call in subjects.items():
            began = time.perf_counter()
            call()
            elapsed = time.perf_counter() - began
            if at >= 0:
                taken[name].append(elapsed)
    return {name: Times(tuple(seconds)) for name, seconds in taken.items()}


def busyness() -> str:
    """What else the machine was doing, where that makes the ratios doubtful; else empty."""
    cores, load = os.cpu_count() or 1, os.getloadavg()[0]
    if load <= cores * 0.75:
        return ""
    return f"The machine was busy (load {load:.1f} on {cores} cores): trust `at best` first."
