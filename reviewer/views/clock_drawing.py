"""A clock as a drawn timeline: stretches on one bar, milestones above it, limits below.

Labels are flags: each stands to the right of its own staff, and whoever stands further left is
hung further out, so that no label lies on another and no staff runs through one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from reviewer.clocks.moments import short_day

WIDTH: Final = 900  # in units of the drawing
LEFT: Final = 8
RIGHT: Final = 196  # room for the last flag
LETTER: Final = 6.6  # of 12.5 units, at most on average
FLAG: Final = 31  # two lines
GAP: Final = 10
BAR: Final = 14
AXIS: Final = 18
DAY: Final = timedelta(days=1)
# Days from tick to tick, for a span of up to so many days.
TICKS: Final = ((9, 1), (21, 2), (70, 7), (160, 14), (400, 30))
LONG: Final = 91


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened, or a limit: `look` is its class."""

    at: datetime
    name: str
    when: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of the bar: counted, stopped, extended, late."""

    since: datetime
    until: datetime
    look: str
    name: str


@dataclass(frozen=True, slots=True)
class Flag:
    x: float
    y: int  # the first line of its words
    staff: int  # where the staff ends that goes to the bar
    mark: Mark


@dataclass(frozen=True, slots=True)
class Block:
    x: float
    width: float
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    blocks: tuple[Block, ...]
    above: tuple[Flag, ...]
    below: tuple[Flag, ...]
    ticks: tuple[Tick, ...]
    end: float  # of the last instant
    bar_y: int
    height: int
    now: float | None
    said: str
    width: int = WIDTH
    start: int = LEFT
    bar: int = BAR

    @property
    def bar_end(self) -> int:
        return self.bar_y + self.bar

    @property
    def axis_y(self) -> int:
        return self.bar_end + AXIS - 5

    @property
    def tick_end(self) -> int:
        return self.bar_end + 4

    @property
    def key(self) -> tuple[Stretch, ...]:
        """One stretch of each look, to say what it means."""
        return tuple({block.stretch.look: block.stretch for block in self.blocks}.values())


def draw(
    stretches: Sequence[Stretch],
    events: Sequence[Mark],
    limits: Sequence[Mark],
    *,
    now: datetime | None,
    zone: ZoneInfo,
    said: str,
) -> Drawing:
    """The drawing of a clock whose facts are `events` and whose due times are `limits`."""
    instants = [one.at for one in (*events, *limits)] + ([now] if now else [])
    instants += [edge for one in stretches for edge in (one.since, one.until)]
    scale = Scale(min(instants), max(instants), zone)
    above, deep = _flags(events, scale)
    bar_y = deep * FLAG + 12
    below, deeper = _flags(limits, scale)
    top = bar_y + BAR + AXIS
    return Drawing(
        blocks=tuple(_block(one, scale) for one in stretches),
        above=tuple(Flag(x, (deep - row) * FLAG + 12, bar_y, mark) for x, row, mark in above),
        below=tuple(Flag(x, top + row * FLAG - 18, bar_y + BAR, mark) for x, row, mark in below),
        ticks=tuple(scale.ticks()),
        end=scale.x(scale.last),
        bar_y=bar_y,
        height=top + deeper * FLAG + 4,
        now=scale.x(now) if now else None,
        said=said,
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """Where an instant stands on the bar."""

    first: datetime
    last: datetime
    zone: ZoneInfo

    def x(self, at: datetime) -> float:
        whole = (self.last - self.first).total_seconds() or 1
        share = (at - self.first).total_seconds() / whole
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def ticks(self) -> Iterator[Tick]:
        """Midnights; of a long span the firsts of months."""
        days = (self.last - self.first) / DAY
        step = next((step for most, step in TICKS if days <= most), 61)
        day = self.first.astimezone(self.zone).date()
        room = -100.0
        while day <= self.last.astimezone(self.zone).date():
            at = datetime.combine(day, time(), self.zone)
            is_shown = day.day == 1 if days > LONG else not (day.toordinal() - 1) % step
            if is_shown and self.first <= at <= self.last and self.x(at) - room > 58:
                room = self.x(at)
                words = f"{day:%b} {day.year}" if days > LONG else short_day(day)
                yield Tick(room, words)
            day += DAY


def _block(one: Stretch, scale: Scale) -> Block:
    x = scale.x(one.since)
    return Block(x, max(round(scale.x(one.until) - x, 1), 1), one)


Placed = tuple[float, int, Mark]


def _flags(marks: Iterable[Mark], scale: Scale) -> tuple[list[Placed], int]:
    """Rows counted from the bar outwards, from the right to the left, and how many there are."""
    placed: list[Placed] = []
    for mark in sorted(marks, key=lambda one: one.at, reverse=True):
        x = scale.x(mark.at)
        end = x + width_of(mark) + GAP
        row = max((row for other, row, _ in placed if other <= end), default=0) + 1
        placed.append((x, row, mark))
    return placed[::-1], max((row for _, row, _ in placed), default=0)


def width_of(mark: Mark) -> float:
    return max(len(mark.name), len(mark.when)) * LETTER + 6
