"""Business days and months. Dates only; no zones. Which days are closed, the calendar says."""

from calendar import FRIDAY, monthrange
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from reviewer.clocks.holidays import ONE_DAY, Calendar, DayCalendar


class MonthOverflow(StrEnum):
    FIRST_OF_NEXT_MONTH = "first_of_next_month"
    LAST_DAY_OF_MONTH = "last_day_of_month"


def is_business_day(day: date, calendar: DayCalendar, days: Calendar) -> bool:
    return day.weekday() <= FRIDAY and days.holiday_on(day, calendar) is None


def business_day_from(day: date, calendar: DayCalendar, days: Calendar) -> date:
    """The day itself, or the next business day after it."""
    while not is_business_day(day, calendar, days):
        day += ONE_DAY
    return day


def add_business_days(day: date, number: int, calendar: DayCalendar, days: Calendar) -> date:
    """Day `number` after the event's; with zero, the same day or the next business day."""
    if number == 0:
        return business_day_from(day, calendar, days)
    return _nth_open_day(day, number, lambda one: is_business_day(one, calendar, days))


def add_days_except_holidays(day: date, number: int, calendar: DayCalendar, days: Calendar) -> date:
    """Weekends count, holidays do not; with zero, the same day or the next that is no holiday."""
    if number == 0 and days.holiday_on(day, calendar):
        number = 1
    return _nth_open_day(day, number, lambda one: days.holiday_on(one, calendar) is None)


def _nth_open_day(day: date, number: int, is_open: Callable[[date], bool]) -> date:
    while number > 0:
        day += ONE_DAY
        number -= is_open(day)
    return day


def holidays_between(
    after: date, through: date, calendar: DayCalendar, days: Calendar
) -> dict[date, str]:
    """Holidays later than the first day and up to the last, to say what was skipped."""
    between = (after + timedelta(days=n) for n in range(1, (through - after).days + 1))
    return {day: name for day in between if (name := days.holiday_on(day, calendar))}


def add_months(day: date, number: int, overflow: MonthOverflow) -> date:
    """The same day number so many months later; the overflow says what where there is none."""
    months = day.year * 12 + day.month - 1 + number
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    if day.day <= last:
        return date(year, month + 1, day.day)
    end = date(year, month + 1, last)
    return end if overflow is MonthOverflow.LAST_DAY_OF_MONTH else end + ONE_DAY
