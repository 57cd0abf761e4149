"""Times taken in turns, so that whatever else the machine does falls on all subjects alike."""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of every call."""

    seconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        return self._percentile(50)

    @property
    def p95(self) -> float:
        return self._percentile(95)

    def _percentile(self, wanted: int) -> float:
        if len(self.seconds) == 1:
            return self.seconds[0]
        return quantiles(self.seconds, n=100, method="inclusive")[wanted - 1]


def in_turns(
    subjects: Mapping[str, Callable[[], object]], *, rounds: int, warm_up: int = 5
) -> dict[str, Times]:
    """Call each subject once a round. The first rounds are not counted."""
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    gc.collect()
    for at in range(-warm_up, rounds):
        for name, call in subjects.items():
            began = time.perf_counter()
            call()
            elapsed = time.perf_counter() - began
            if at >= 0:
                taken[name].append(elapsed)
    return {name: Times(tuple(seconds)) for name, seconds in taken.items()}
