"""The days that a limit counts, as a reader would count them with a finger."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from reviewer.clocks import Rule, RuleBook
from reviewer.clocks.calendars import is_business_day
from reviewer.clocks.rules import Calculation, Unit

ONE_DAY: Final = timedelta(days=1)
MOST_MONTHS: Final = 4
COUNTED_UNITS: Final = (
    Unit.CALENDAR_DAYS,
    Unit.BUSINESS_DAYS,
    Unit.CALENDAR_DAYS_EXCEPT_HOLIDAYS,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Between which instants a clock runs; `stopped` while the law stops it."""

    zone: ZoneInfo
    starts_at: datetime
    base_at: datetime
    due_at: datetime
    stopped_from: datetime | None = None
    resumed_at: datetime | None = None
    others: tuple[tuple[str, datetime], ...] = ()  # further limits, by name
    now: datetime | None = None

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Cell:
    """A day: its place in the count, its looks as classes, and what is said of it."""

    day: date
    count: str
    look: str
    said: str


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    weeks: tuple[tuple[Cell | None, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Months:
    shown: tuple[Month, ...]
    left_out: int  # months between the first and the last one that are not drawn


def months_of(rule: Rule, span: Span, book: RuleBook) -> Months | None:
    """The months from the start to the last limit; None where hours are counted to the end."""
    is_extended = span.due_at != span.base_at
    if rule.unit is Unit.HOURS and not is_extended:
        return None
    days = _Days(rule, span, book)
    edges = [span.starts_at, span.due_at, *(at for _, at in span.others)]
    first, last = (span.day(pick(edges)) for pick in (min, max))
    wanted = list(_months_between(first, last))
    shown = wanted if len(wanted) <= MOST_MONTHS else [*wanted[:1], wanted[-1]]
    return Months(tuple(days.month(*one) for one in shown), len(wanted) - len(shown))


def _months_between(first: date, last: date) -> Iterator[tuple[int, int]]:
    index = first.year * 12 + first.month - 1
    while index <= last.year * 12 + last.month - 1:
        year, month = divmod(index, 12)
        yield year, month + 1
        index += 1


class _Days:
    """What every day is to the count."""

    def __init__(self, rule: Rule, span: Span, book: RuleBook) -> None:
        self.rule, self.span, self.book = rule, span, book
        self.counts = dict(self._counted())

    def _counted(self) -> Iterator[tuple[date, str]]:
        """The days that count, numbered; those of an extension with a plus."""
        span, number = self.span, 0
        start, due = span.day(span.starts_at), span.day(span.due_at)
        base = span.day(span.base_at)
        if self.rule.calculation is Calculation.BACKWARD:
            for back in range((start - due).days + 1):
                yield start - ONE_DAY * back, str(back)
            return
        stopped = span.day(span.stopped_from) if span.stopped_from else None
        resumed = span.day(span.resumed_at) if span.resumed_at else stopped
        day = start
        while (day := day + ONE_DAY) <= due:
            if stopped and resumed and stopped < day <= resumed:
                continue
            is_extension = day > resumed if resumed else day > base
            if is_extension:
                since = resumed or base
                yield day, f"+{(day - since).days}"
            elif self.rule.unit in COUNTED_UNITS and self.is_open(day):
                number += 1
                yield day, str(number)

    def is_open(self, day: date) -> bool:
        kind, days = self.rule.day_calendar, self.book.days
        if self.rule.unit is Unit.BUSINESS_DAYS:
            return is_business_day(day, kind, days)
        if self.rule.unit is Unit.CALENDAR_DAYS_EXCEPT_HOLIDAYS:
            return days.holiday_on(day, kind) is None
        return True

    def holiday(self, day: date) -> str:
        return self.book.days.holiday_on(day, self.rule.day_calendar) or ""

    def month(self, year: int, month: int) -> Month:
        weeks = calendar.Calendar(calendar.SUNDAY).monthdatescalendar(year, month)
        cells = tuple(
            tuple(self.cell(day) if day.month == month else None for day in week) for week in weeks
        )
        notes = tuple(note for week in cells for cell in week if cell for note in self.notes(cell))
        return Month(f"{date(year, month, 1):%B %Y}", cells, notes)

    def notes(self, cell: Cell) -> Iterator[str]:
        day, looks = cell.day.day, set(cell.look.split())
        if holiday := self.holiday(cell.day):
            is_plain = {"outside", "stopped"} & looks
            counted = "" if is_plain else ", counted" if cell.count else ", not counted"
            yield f"{day}: {holiday}{counted}"
        if "outside" not in looks and (turn := self.turn(cell.day)):
            yield f"{day}: {turn}"

    def turn(self, day: date) -> str:
        """What the clocks do on a day that has not 24 hours."""
        begins, ends = (
            datetime.combine(one, time(), self.span.zone).utcoffset() or timedelta()
            for one in (day, day + ONE_DAY)
        )
        if begins == ends:
            return ""
        return "the clocks go back" if ends < begins else "the clocks go forward"

    def cell(self, day: date) -> Cell:
        looks, said = [], [f"{day:%A} {day.day} {day:%B}"]
        count = self.counts.get(day, "")
        if day.weekday() >= calendar.SATURDAY:
            looks.append("weekend")
        if holiday := self.holiday(day):
            looks.append("holiday")
            said.append(holiday)
        look, words = self._standing(day, count)
        looks.append(look)
        said += [words] if words else []
        for look, words in self._marks(day):
            looks.append(look)
            said.append(words)
        return Cell(day, count, " ".join(filter(None, looks)), ", ".join(said))

    def _standing(self, day: date, count: str) -> tuple[str, str]:
        span = self.span
        start, due = span.day(span.starts_at), span.day(span.due_at)
        if day == start:
            return "start", "day 0, the clock starts"
        if not min(start, due) <= day <= max(start, due):
            return "outside", ""
        stopped = span.day(span.stopped_from) if span.stopped_from else None
        if stopped and stopped < day <= span.day(span.resumed_at or span.due_at):
            return "stopped", "the clock is stopped"
        if count.startswith("+"):
            return "extra", f"day {count[1:]} of the extension"
        if count:
            return "counted", f"day {count}"
        if self.rule.unit in COUNTED_UNITS:
            return "skipped", "not counted"
        return "counted", "within the limit"

    def _marks(self, day: date) -> Iterator[tuple[str, str]]:
        span = self.span
        if day == span.day(span.due_at):
            yield "due", "due"
        for name, at in span.others:
            if day == span.day(at) and at != span.due_at:
                yield "limit", name
        if span.now and day == span.day(span.now):
            yield "today", "today"
