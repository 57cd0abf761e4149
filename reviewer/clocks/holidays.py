"""Days on which a calendar is closed, as rows of `holidays.csv`."""

from calendar import SATURDAY, SUNDAY, monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from reviewer.clocks.errors import WrongRow
from reviewer.clocks.tables import Column, Kind, Table, date_of, number_of

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LAST = -1
WEEK = timedelta(days=7)
ONE_DAY = timedelta(days=1)
SUBSTITUTES = {SATURDAY: -ONE_DAY, SUNDAY: ONE_DAY}  # 5 USC 6103(b)


class DayCalendar(StrEnum):
    PLAN_DUTY = "plan_duty"  # only the dates that the statute names are closed
    CLAIMANT = "claimant"  # the substitute Friday or Monday is closed as well


class ClosedFor(StrEnum):
    PLAN_DUTY = "plan_duty"
    CLAIMANT = "claimant"
    BOTH = "both"

    def includes(self, calendar: DayCalendar) -> bool:
        return self is ClosedFor.BOTH or self.value == calendar.value


HOLIDAYS = Table(
    "holidays",
    (
        Column("id", Kind.KEY, is_required=True),
        Column("name", Kind.TEXT, is_required=True),
        Column("month", Kind.NUMBER, is_required=True),
        Column("day", Kind.NUMBER, about="Of a holiday with a fixed date."),
        Column("weekday", Kind.CHOICE, WEEKDAYS, about="Of a holiday that moves."),
        Column("ordinal", Kind.CHOICE, ("1", "2", "3", "4", "-1"), about="Which one; -1: last."),
        Column("applies_from", Kind.DATE),
        Column("applies_to", Kind.DATE),
        Column("closed_for", Kind.CHOICE, tuple(ClosedFor), is_required=True),
        Column("citation", Kind.TEXT, is_required=True),
        Column("confidence", Kind.CHOICE, ("V", "V2", "V_old", "G", "CHOICE"), is_required=True),
    ),
)


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day a year: a fixed date, or a weekday with its place in the month."""

    id: str
    name: str
    month: int
    day: int | None
    weekday: str
    ordinal: int | None
    applies_from: date | None
    applies_to: date | None
    closed_for: ClosedFor
    citation: str
    confidence: str

    def in_year(self, year: int) -> date | None:
        """Its date, on whatever weekday it falls; None where the row does not apply."""
        last = monthrange(year, self.month)[1]
        if self.day is None:
            on = self._floating(date(year, self.month, 1), date(year, self.month, last))
        elif self.day > last:
            return None
        else:
            on = date(year, self.month, self.day)
        since, until = self.applies_from or on, self.applies_to or on
        return on if since <= on <= until else None

    def _floating(self, first: date, last: date) -> date:
        weekday, ordinal = WEEKDAYS.index(self.weekday), self.ordinal or 1
        if ordinal == LAST:
            return last - timedelta(days=(last.weekday() - weekday) % len(WEEKDAYS))
        earliest = first + timedelta(days=(weekday - first.weekday()) % len(WEEKDAYS))
        return earliest + WEEK * (ordinal - 1)


def holiday_of(row: Mapping[str, str]) -> Holiday:
    """The typed row. Raises WrongRow where its date cannot be told."""
    HOLIDAYS.check(row)
    _check(row)
    return Holiday(
        id=row["id"],
        name=row["name"],
        month=int(row["month"]),
        day=number_of(row["day"]),
        weekday=row["weekday"],
        ordinal=number_of(row["ordinal"]),
        applies_from=date_of(row["applies_from"]),
        applies_to=date_of(row["applies_to"]),
        closed_for=ClosedFor(row["closed_for"]),
        citation=row["citation"],
        confidence=row["confidence"],
    )


LEAP_YEAR = 2028
"""A year in which every date of any year exists."""


def _check(row: Mapping[str, str]) -> None:
    month, day = int(row["month"]), number_of(row["day"])
    if not 1 <= month <= 12:
        raise WrongRow("holidays", row["id"], "month", "allowed is 1 to 12", row["month"])
    if day is not None and not 1 <= day <= monthrange(LEAP_YEAR, month)[1]:
        raise WrongRow("holidays", row["id"], "day", "that month has no such day", row["day"])
    if bool(row["weekday"]) != bool(row["ordinal"]) or (day is None) != bool(row["weekday"]):
        why = "either a day, or a weekday with its ordinal"
        raise WrongRow("holidays", row["id"], "day", why, row["day"])
    if row["applies_from"] and row["applies_to"] and row["applies_to"] < row["applies_from"]:
        why = "it does not end before applies_from"
        raise WrongRow("holidays", row["id"], "applies_to", why, row["applies_to"])


class Calendar:
    """Closed days by calendar and year, worked out once."""

    def __init__(self, holidays: tuple[Holiday, ...]) -> None:
        self._holidays = holidays
        self._years: dict[tuple[int, DayCalendar], dict[date, Holiday]] = {}
        self._closed: dict[tuple[int, DayCalendar], dict[date, str]] = {}

    def named(self, year: int, calendar: DayCalendar) -> dict[date, Holiday]:
        """The holidays of a year, on whatever weekday they fall."""
        found = self._years.get((year, calendar))
        if found is None:
            found = {
                on: one
                for one in self._holidays
                if one.closed_for.includes(calendar) and (on := one.in_year(year))
            }
            self._years[year, calendar] = found
        return found

    def closed(self, year: int, calendar: DayCalendar) -> dict[date, str]:
        """Closed dates of a year by name; for claimants also the days kept instead."""
        found = self._closed.get((year, calendar))
        if found is None:
            found = {on: one.name for on, one in self.named(year, calendar).items()}
            if calendar is DayCalendar.CLAIMANT:
                found = self._substitutes(year) | found
            self._closed[year, calendar] = found
        return found

    def citation(self, day: date, calendar: DayCalendar) -> str:
        """By what a day is closed; a substitute by the holiday it stands for."""
        for near in (day, day + ONE_DAY, day - ONE_DAY):
            if holiday := self.named(near.year, calendar).get(near):
                return holiday.citation
        return ""

    def _substitutes(self, year: int) -> dict[date, str]:
        """Kept in place of a Saturday or Sunday holiday, maybe next January's."""
        kept = {}
        for one in (year, year + 1):
            for on, holiday in self.named(one, DayCalendar.CLAIMANT).items():
                shift = SUBSTITUTES.get(on.weekday())
                if shift is not None and (on + shift).year == year:
                    kept[on + shift] = f"the day kept for {holiday.name}"
        return kept

    def holiday_on(self, day: date, calendar: DayCalendar) -> str | None:
        """The name of the holiday that closes this day on the calendar, if one does."""
        return self.closed(day.year, calendar).get(day)
