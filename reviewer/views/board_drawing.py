"""The board as small multiples: bars with words before and numbers behind, on one scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from reviewer.clocks.moments import short_day
from reviewer.views.board_counts import Counted, Load, Week
from reviewer.views.board_parts import TITLES, WAITING

TRACK: Final = 112  # where bars begin, of 324 units
LONGEST: Final = 176
WEEK_LONGEST: Final = 100
ROW: Final = 26
LOAD_LONGEST: Final = 520


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    count: int
    address: str
    words: str  # what the link says aloud
    y: int
    length: float
    look: str

    @property
    def base(self) -> int:
        return self.y + 17

    @property
    def end(self) -> float:
        return TRACK + self.length + 7


@dataclass(frozen=True, slots=True)
class Chart:
    """One of the multiples."""

    key: str
    title: str
    bars: list[Bar]
    total: int

    @property
    def height(self) -> int:
        return ROW * len(self.bars)

    @property
    def said(self) -> str:
        told = ", ".join(f"{one.label} {one.count}" for one in self.bars)
        return f"{self.title}: {told}"


@dataclass(frozen=True, slots=True)
class WeekBar:
    """A week's decisions: the whole bar, and the part of it that a physician was asked for."""

    week: Week
    label: str
    y: int
    length: float
    referred_length: float
    decided_address: str
    referred_address: str

    @property
    def base(self) -> int:
        return self.y + 17


@dataclass(frozen=True, slots=True)
class LoadBar:
    """A person's open requests: overdue, due today, later."""

    load: Load
    overdue: float
    today: float
    later: float

    @property
    def today_x(self) -> float:
        return self.overdue

    @property
    def later_x(self) -> float:
        return self.overdue + self.today


def charts(cuts: Mapping[str, Sequence[Counted]]) -> list[Chart]:
    """All to one scale, so that lengths compare from one to the next."""
    most = max([1, *(one.count for counted in cuts.values() for one in counted)])
    return [
        Chart(
            cut,
            TITLES[cut],
            [_bar(cut, one, place * ROW, most) for place, one in enumerate(counted)],
            sum(one.count for one in counted),
        )
        for cut, counted in cuts.items()
    ]


def _bar(cut: str, one: Counted, y: int, most: int) -> Bar:
    return Bar(
        label=one.part.label,
        count=one.count,
        address=reverse("reviewer:board_list", args=[cut, one.part.word]),
        words=f"{one.count} {one.part.label}: open the list",
        y=y,
        length=_length(one.count, most),
        look=one.part.look or ("paused" if cut == WAITING else ""),
    )


def week_bars(found: Sequence[Week]) -> list[WeekBar]:
    most = max([1, *(one.decided for one in found)])
    return [
        WeekBar(
            week=one,
            label=short_day(one.monday),
            y=place * ROW,
            length=_length(one.decided, most, WEEK_LONGEST),
            referred_length=_length(one.referred, most, WEEK_LONGEST),
            decided_address=_week_address(one, "all"),
            referred_address=_week_address(one, "second-level"),
        )
        for place, one in enumerate(found)
    ]


def _week_address(one: Week, which: str) -> str:
    return reverse("reviewer:board_decided", args=[one.monday.isoformat(), which])


def load_bars(found: Sequence[Load]) -> list[LoadBar]:
    most = max([1, *(one.open for one in found)])
    return [
        LoadBar(
            one,
            _length(one.overdue, most, LOAD_LONGEST),
            _length(one.today, most, LOAD_LONGEST),
            _length(one.later, most, LOAD_LONGEST),
        )
        for one in found
    ]


def _length(count: int, most: int, longest: int = LONGEST) -> float:
    """Some length for every number but nought."""
    return max(round(longest * count / most, 1), 2) if count else 0
