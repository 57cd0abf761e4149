"""The hours that a limit counts: a row for each day, a column for each hour of the wall clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from reviewer.clocks import Rule
from reviewer.clocks.moments import short_day
from reviewer.clocks.rules import Unit
from reviewer.views.clock_months import Span

ONE_DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
MOST_ROWS: Final = 12
LEFT_OF, HOUR_WIDE, ROW, TOP = 92, 28, 26, 18  # in units of the drawing


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of counted time within one row, in units of the drawing."""

    x: float
    width: float
    half: int  # 0: the whole height; 1, 2: the first and the second reading of a repeated hour


@dataclass(frozen=True, slots=True)
class HourRow:
    name: str
    y: int
    pieces: tuple[Piece, ...]
    elapsed: str
    changed_x: float | None  # where an hour comes twice or never
    is_twice: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """A row for each day, a column for each hour of the wall clock."""

    rows: tuple[HourRow, ...]
    now: tuple[float, int] | None
    end: tuple[float, int]
    notes: tuple[str, ...]
    hour: int = HOUR_WIDE
    left: int = LEFT_OF
    top: int = TOP

    @property
    def width(self) -> int:
        return self.right + 96

    @property
    def right(self) -> int:
        return self.left + 24 * self.hour

    @property
    def height(self) -> int:
        return self.top + len(self.rows) * ROW + 4

    @property
    def columns(self) -> list[tuple[int, str]]:
        return [(self.left + at * self.hour, f"{at:02}") for at in range(0, 25, 3)]


def hours_of(rule: Rule, span: Span) -> Hours | None:
    """The hours from the start to the base limit; None where days are counted."""
    first, last = span.day(span.starts_at), span.day(span.base_at)
    if rule.unit is not Unit.HOURS or not 0 <= (last - first).days < MOST_ROWS:
        return None
    if span.base_at <= span.starts_at:
        return None
    rows, notes = [], []
    for place in range((last - first).days + 1):
        row, note = _hour_row(first + ONE_DAY * place, TOP + place * ROW, span)
        rows.append(row)
        notes += [note] if note else []
    now = None
    if span.now and span.starts_at <= span.now <= span.base_at:
        now = _place(span.now, span, first)
    return Hours(tuple(rows), now, _place(span.base_at, span, first), tuple(notes))


def _place(at: datetime, span: Span, first: date) -> tuple[float, int]:
    local = at.astimezone(span.zone)
    return _x(local), TOP + (local.date() - first).days * ROW


def _x(local: datetime) -> float:
    return round(LEFT_OF + HOUR_WIDE * (local.hour + local.minute / 60 + local.second / 3600), 1)


def _hour_row(day: date, y: int, span: Span) -> tuple[HourRow, str]:
    opens, closes = (
        datetime.combine(one, time(), span.zone).astimezone(UTC) for one in (day, day + ONE_DAY)
    )
    since = max(opens, span.starts_at.astimezone(UTC))
    until = min(closes, span.base_at.astimezone(UTC))
    change = _change(opens, closes, span.zone)
    pieces = tuple(_pieces(since, until, change, span.zone))
    whole = (until - span.starts_at.astimezone(UTC)).total_seconds() / 3600
    note, changed_x, is_twice = "", None, False
    if change:
        at, by = change
        is_twice = by < timedelta()
        hour = (at if is_twice else at - HOUR).astimezone(span.zone).hour + (not is_twice)
        changed_x = float(LEFT_OF + HOUR_WIDE * hour)
        length = round((closes - opens).total_seconds() / 3600)
        what = "comes twice" if is_twice else "does not exist"
        note = (
            f"{day:%A} {day.day} {day:%B} has {length} hours: the clocks change, and the hour from "
            f"{hour:02}:00 {what}. Elapsed hours are counted."
        )
    words = f"{_number(whole)} h"
    return HourRow(short_day(day), y, pieces, words, changed_x, is_twice), note


def _number(hours: float) -> str:
    return f"{hours:.1f}".removesuffix(".0")


def _change(opens: datetime, closes: datetime, zone: ZoneInfo) -> tuple[datetime, timedelta] | None:
    """The instant within a day at which the clocks change, and by how much."""
    at = opens
    while at < closes:
        later = min(at + HOUR, closes)
        by = _offset(later, zone) - _offset(at, zone)
        if by and later < closes:
            return later, by
        at = later
    return None


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _pieces(
    since: datetime,
    until: datetime,
    change: tuple[datetime, timedelta] | None,
    zone: ZoneInfo,
) -> Iterator[Piece]:
    """The counted time of a day; on a repeated hour its two readings lie one above the other."""
    edges = [since, until]
    if change:
        at, by = change
        edges += [at - abs(by), at, at + abs(by)] if by < timedelta() else [at]
    edges = sorted(one for one in set(edges) if since <= one <= until)
    for one, other in pairwise(edges):
        start = _x(one.astimezone(zone))
        width = round((other - one).total_seconds() / 3600 * HOUR_WIDE, 1)
        half = 0
        if change and change[1] < timedelta():
            at, by = change
            half = 1 if at - abs(by) <= one < at else 2 if at <= one < at + abs(by) else 0
        yield Piece(start, width, half)
