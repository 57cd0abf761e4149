"""Federal holidays and business days. Dates are those that OPM publishes for each year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.clocks import calendars, shipped_book
from reviewer.clocks.calendars import MonthOverflow, add_months
from reviewer.clocks.holidays import DayCalendar
from tests.reviewer.clocks.facts import CLOSED_WEEKDAYS

CLOSED = shipped_book().days
PLAN, CLAIMANT = DayCalendar.PLAN_DUTY, DayCalendar.CLAIMANT
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def holidays(year):
    return CLOSED.named(year, PLAN)


def is_business_day(day, calendar):
    return calendars.is_business_day(day, calendar, CLOSED)


def business_day_from(day, calendar):
    return calendars.business_day_from(day, calendar, CLOSED)


def add_business_days(day, number, calendar):
    return calendars.add_business_days(day, number, calendar, CLOSED)


def add_days_except_holidays(day, number, calendar):
    return calendars.add_days_except_holidays(day, number, calendar, CLOSED)


@pytest.mark.parametrize("year", CLOSED_WEEKDAYS)
def test_weekdays_closed_to_claimants_are_the_published_ones(year):
    weekdays = {day.strftime("%m-%d") for day in CLOSED.closed(year, CLAIMANT) if day.weekday() < 5}
    assert sorted(weekdays) == CLOSED_WEEKDAYS[year].split()


def test_the_statute_names_eleven_days():
    assert len(holidays(2026)) == 11


def test_juneteenth_counts_from_2021():
    assert date(2020, 6, 19) not in holidays(2020)
    assert date(2021, 6, 19) in holidays(2021)


def test_a_substitute_day_closes_only_the_claimants_calendar():
    friday_before_independence_day = date(2026, 7, 3)
    assert is_business_day(friday_before_independence_day, PLAN)
    assert not is_business_day(friday_before_independence_day, CLAIMANT)


def test_a_saturday_new_year_closes_the_last_day_of_the_old_year():
    assert is_business_day(date(2027, 12, 31), PLAN)
    assert not is_business_day(date(2027, 12, 31), CLAIMANT)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 11, 23), date(2026, 11, 23)), (date(2026, 11, 26), date(2026, 11, 27))],
)
def test_zero_business_days_is_the_same_day_or_the_next_open_one(day, expected):
    assert add_business_days(day, 0, PLAN) == expected


def test_business_days_after_a_saturday_begin_on_monday():
    assert add_business_days(date(2026, 8, 1), 1, PLAN) == date(2026, 8, 3)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 12, 24), date(2026, 12, 24)),
        (date(2026, 12, 25), date(2026, 12, 26)),  # a holiday, and a Saturday
        (date(2026, 12, 26), date(2026, 12, 26)),
    ],
)
def test_no_days_except_holidays_is_the_same_day_unless_it_is_one(day, last):
    assert add_days_except_holidays(day, 0, PLAN) == last


def test_days_except_holidays_count_weekends():
    assert add_days_except_holidays(date(2026, 12, 24), 2, PLAN) == date(2026, 12, 27)


@pytest.mark.parametrize(
    ("day", "months", "overflow", "expected"),
    [
        (date(2026, 10, 31), 4, MonthOverflow.FIRST_OF_NEXT_MONTH, date(2027, 3, 1)),
        (date(2026, 10, 31), 4, MonthOverflow.LAST_DAY_OF_MONTH, date(2027, 2, 28)),
        (date(2027, 10, 29), 4, MonthOverflow.FIRST_OF_NEXT_MONTH, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, MonthOverflow.LAST_DAY_OF_MONTH, date(2029, 2, 28)),
        (date(2026, 8, 31), 4, MonthOverflow.FIRST_OF_NEXT_MONTH, date(2026, 12, 31)),
        (date(2026, 12, 31), 6, MonthOverflow.FIRST_OF_NEXT_MONTH, date(2027, 7, 1)),
    ],
)
def test_months_keep_the_day_number_where_the_month_has_it(day, months, overflow, expected):
    assert add_months(day, months, overflow) == expected


@given(DAYS, st.integers(1, 20), st.sampled_from(DayCalendar))
def test_business_days_add_up(day, number, calendar):
    last = add_business_days(day, number, calendar)
    assert is_business_day(last, calendar)
    assert add_business_days(last, 1, calendar) == add_business_days(day, number + 1, calendar)


@given(DAYS)
def test_a_claimant_never_has_less_time_than_a_plan(day):
    assert business_day_from(day, CLAIMANT) >= business_day_from(day, PLAN)
