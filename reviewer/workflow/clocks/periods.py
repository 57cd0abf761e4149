"""Rating periods of a Medicaid contract: twelve months each (42 CFR 438.2).

Which one a request is under goes by its receipt, so it follows a receipt that is moved.
"""

from datetime import date

from reviewer.clocks.calendars import MonthOverflow, add_months

MONTHS_A_YEAR = 12


def period_of(start: date, *, was: date, then: date) -> date:
    """The start of the period for a receipt that was on one day and is on another.

    What was said stands while both days are of the same period.
    """
    moved = _beginning(start, then)
    return start if moved == _beginning(start, was) else moved


def _beginning(start: date, on: date) -> date:
    """The last day on or before this one on which a period begins."""
    years = on.year - start.year
    begins = _years_later(start, years)
    return begins if begins <= on else _years_later(start, years - 1)


def _years_later(start: date, years: int) -> date:
    return add_months(start, years * MONTHS_A_YEAR, MonthOverflow.LAST_DAY_OF_MONTH)
