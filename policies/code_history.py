"""The life of a code: when it began, changed and ended, and how each release has described it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from policies.models import Code, Release


@dataclass(frozen=True, slots=True)
class CodeEvent:
    """What happened on a day; `successor` is the code that came instead."""

    day: date
    sentence: str
    successor: Code | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """A description and the release that first gives it; it holds until the next one."""

    release: Release
    short: str
    long: str
    is_current: bool

    @property
    def text(self) -> str:
        return self.long or self.short


def events_of(rows: Sequence[Code], first_release: date | None) -> tuple[CodeEvent, ...]:
    """From the rows of one code, in the order of their days, oldest first."""
    events = []
    before: Code | None = None
    for row in sorted(rows, key=lambda one: one.valid_from):
        events.append(CodeEvent(row.valid_from, _beginning(row, before, first_release)))
        ends_now = row.valid_to is not None and not _goes_on(row, rows)
        if ends_now and row.valid_to:
            last = "It ended with this day."
            events.append(CodeEvent(row.valid_to, last, row.successor))
        before = row
    return tuple(events)


def wordings_of(rows: Sequence[Code], on: date) -> tuple[Wording, ...]:
    """Every description that differs from the one before it, the newest first."""
    said = [one for row in rows for one in row.descriptors.all()]
    in_order = sorted(said, key=lambda one: one.release.valid_from)
    told = []
    for at, one in enumerate(in_order):
        if at == 0 or (one.short, one.long) != (in_order[at - 1].short, in_order[at - 1].long):
            told.append(one)
    begun = [one for one in told if one.release.valid_from <= on]
    current = next(iter(begun[-1:] or told), None)
    return tuple(
        Wording(one.release, one.short, one.long, one is current) for one in reversed(told)
    )


def _beginning(row: Code, before: Code | None, first_release: date | None) -> str:
    if before is None:
        if row.valid_from == first_release:
            return "The first release loaded here holds it; it may be older."
        return "It began." if row.is_billable else "It began, as a header."
    if before.valid_to is None or before.valid_to + timedelta(days=1) < row.valid_from:
        return "It began again."
    if row.is_billable and not before.is_billable:
        return "It became billable; before, it was a header."
    if before.is_billable and not row.is_billable:
        return "It became a header: since then a code below it is billed."
    return "It went on with other particulars."


def _goes_on(row: Code, rows: Sequence[Code]) -> bool:
    """Whether another row begins on the day after."""
    if row.valid_to is None:
        return True
    return any(one.valid_from == row.valid_to + timedelta(days=1) for one in rows)
