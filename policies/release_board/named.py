"""What versions name: their codes and ranges with the rows that these stand in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from policies.models import CodeSpan, Release, Version
from policies.reading import codes
from policies.reading.codes import Membership
from policies.reading.document import CodeSpan as PrintedSpan
from policies.stages import Standing, current, standing

_WIDTH = 45  # of a range as a finding keeps it


@dataclass(frozen=True, slots=True)
class Named:
    """A code or range of a version, with the position of its row."""

    version: int
    row: int
    lower: str
    upper: str
    printed: PrintedSpan

    @property
    def is_single(self) -> bool:
        return self.lower == self.upper

    @property
    def listed_as(self) -> str:
        span = CodeSpan(
            low=self.printed.low,
            high=self.printed.high,
            is_add_on=self.printed.add_on,
            has_seventh_character=self.printed.seventh_character,
        )
        return span.printed[:_WIDTH]

    def holds(self, key: str) -> bool:
        """Whether the code and everything below it is inside."""
        stands = codes.membership(key, self.printed)
        return stands in (Membership.EXACT, Membership.RANGE)


def reached(release: Release, at: datetime) -> dict[int, int]:
    """The versions that a release meets, each with its bulletin: those that hold when it is loaded
    and those that are scheduled, without any that has ended when its codes begin. One query."""
    on = timezone.localdate(at)
    live = Version.objects.filter(current(on) | standing(Standing.SCHEDULED, on))
    goes_on = live.exclude(publication__ended_on__lte=release.valid_from)
    return dict(goes_on.values_list("pk", "bulletin_id"))


def named(system: str, versions: Iterable[int]) -> Iterator[Named]:
    """All that the versions name of a system, version by version. One query."""
    spans = CodeSpan.objects.filter(system=system, version__in=list(versions))
    rows = spans.order_by("version", "position").values_list(
        "version_id", "row__position", "lower", "upper",
        "low", "high", "is_add_on", "has_seventh_character",
    )  # fmt: skip
    for version, row, lower, upper, low, high, is_add_on, has_seventh in rows:
        yield Named(version, row, lower, upper, PrintedSpan(low, high, is_add_on, has_seventh))
