"""Federal holidays (5 USC 6103), business days and months. Dates only; no zones."""

from calendar import FRIDAY, MONDAY, SATURDAY, SUNDAY, THURSDAY, monthrange
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

HOLIDAYS_SOURCE = "5 USC 6103(a)"
ONE_DAY = timedelta(days=1)


class DayCalendar(StrEnum):
    PLAN_DUTY = "plan_duty"  # only the dates that the statute names are closed
    CLAIMANT = "claimant"  # the substitute Friday or Monday is closed as well


class MonthOverflow(StrEnum):
    FIRST_OF_NEXT_MONTH = "first_of_next_month"
    LAST_DAY_OF_MONTH = "last_day_of_month"


# name, month, day, first year; or the weekday and which of them in the month, -1 the last
FIXED = (
    ("New Year's Day", 1, 1, 1971),
    ("Juneteenth", 6, 19, 2021),
    ("Independence Day", 7, 4, 1971),
    ("Veterans Day", 11, 11, 1978),
    ("Christmas Day", 12, 25, 1971),
)
FLOATING = (
    ("Birthday of Martin Luther King, Jr.", 1, MONDAY, 3, 1986),
    ("Washington's Birthday", 2, MONDAY, 3, 1971),
    ("Memorial Day", 5, MONDAY, -1, 1971),
    ("Labor Day", 9, MONDAY, 1, 1971),
    ("Columbus Day", 10, MONDAY, 2, 1971),
    ("Thanksgiving Day", 11, THURSDAY, 4, 1971),
)


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    if nth < 0:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


@lru_cache(maxsize=256)
def holidays(year: int) -> dict[date, str]:
    """The dates that 5 USC 6103(a) names in a year, on whatever weekday they fall."""
    fixed = {date(year, month, day): name for name, month, day, since in FIXED if year >= since}
    floating = {
        _nth_weekday(year, month, weekday, nth): name
        for name, month, weekday, nth, since in FLOATING
        if year >= since
    }
    return fixed | floating


@lru_cache(maxsize=256)
def substitutes(year: int) -> dict[date, str]:
    """Days of the year kept in place of a Saturday or Sunday holiday, maybe next January's."""
    kept = {}
    for day, name in (holidays(year) | holidays(year + 1)).items():
        shift = {SATURDAY: -ONE_DAY, SUNDAY: ONE_DAY}.get(day.weekday())
        if shift is not None and (day + shift).year == year:
            kept[day + shift] = f"the day kept for {name}"
    return kept


def holiday_on(day: date, calendar: DayCalendar) -> str | None:
    """The name of the holiday that closes this day on the calendar, if one does."""
    named = holidays(day.year).get(day)
    if named is None and calendar is DayCalendar.CLAIMANT:
        return substitutes(day.year).get(day)
    return named


def is_business_day(day: date, calendar: DayCalendar) -> bool:
    return day.weekday() <= FRIDAY and holiday_on(day, calendar) is None


def business_day_from(day: date, calendar: DayCalendar) -> date:
    """The day itself, or the next business day after it."""
    while not is_business_day(day, calendar):
        day += ONE_DAY
    return day


def add_business_days(day: date, number: int, calendar: DayCalendar) -> date:
    """Day `number` after the event's; with zero, the same day or the next business day."""
    if number == 0:
        return business_day_from(day, calendar)
    return _nth_open_day(day, number, lambda one: is_business_day(one, calendar))


def add_days_except_holidays(day: date, number: int, calendar: DayCalendar) -> date:
    """Weekends count, holidays do not."""
    return _nth_open_day(day, number, lambda one: holiday_on(one, calendar) is None)


def _nth_open_day(day: date, number: int, is_open: Callable[[date], bool]) -> date:
    while number > 0:
        day += ONE_DAY
        number -= is_open(day)
    return day


def holidays_between(after: date, through: date, calendar: DayCalendar) -> dict[date, str]:
    """Holidays later than the first day and up to the last, to say what was skipped."""
    days = (after + timedelta(days=n) for n in range(1, (through - after).days + 1))
    return {day: name for day in days if (name := holiday_on(day, calendar))}


def add_months(day: date, number: int, overflow: MonthOverflow) -> date:
    """The same day number so many months later; the overflow says what where there is none."""
    months = day.year * 12 + day.month - 1 + number
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    if day.day <= last:
        return date(year, month + 1, day.day)
    end = date(year, month + 1, last)
    return end if overflow is MonthOverflow.LAST_DAY_OF_MONTH else end + ONE_DAY
