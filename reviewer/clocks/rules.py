"""The rule table: `rules.csv` read into typed rows. A limit is never a number in code."""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from reviewer.clocks.calendars import DayCalendar, MonthOverflow
from reviewer.clocks.errors import NoRule

SOURCE = Path(__file__).with_name("rules.csv")
ANY = "any"


class Calculation(StrEnum):
    FORWARD = "forward"
    BACKWARD = "backward"
    IMMEDIATE = "immediate"
    MEETING_SCHEDULE = "meeting_schedule"
    NONE = "none"  # a fact, not a deadline


class Unit(StrEnum):
    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"
    CALENDAR_DAYS_EXCEPT_HOLIDAYS = "calendar_days_except_holidays"
    BUSINESS_DAYS = "business_days"
    MONTHS = "months"
    YEARS = "years"
    APPEAL_LEVELS = "appeal_levels"


class StartChoice(StrEnum):
    SINGLE = "single"
    EARLIER_OF = "earlier_of"
    PRESUMED_RECEIPT = "presumed_receipt"


class WeekendRoll(StrEnum):
    NONE = "none"
    DUE_DATE = "due_date"
    ACCEPT_THROUGH = "accept_through"


class AppliesBy(StrEnum):
    RECEIPT_DATE = "receipt_date"
    RATING_PERIOD_START = "rating_period_start"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. Columns with alternatives are tuples; an empty one sets no condition."""

    rule_id: str
    line_of_business: tuple[str, ...]
    stage: tuple[str, ...]
    step: tuple[str, ...]
    review_type: tuple[str, ...]
    urgency: tuple[str, ...]
    item_kind: tuple[str, ...]
    appeal_levels: tuple[str, ...]
    condition: str
    calculation: Calculation
    number: int | None
    number_max: int | None
    unit: Unit | None
    starts_on: tuple[str, ...]
    start_choice: StartChoice
    presumed_from: str
    presumed_receipt_days: int | None
    floor_event: str
    day_calendar: DayCalendar
    weekend_roll: WeekendRoll
    month_overflow: MonthOverflow | None
    extension_number: int | None
    extension_unit: Unit | None
    extension_grounds: tuple[str, ...]
    tolls: bool
    respond_within_number: int | None
    respond_within_unit: Unit | None
    deficiency_notice_rule_id: str
    incomplete_rule_id: str
    satisfied_by: tuple[str, ...]
    missed_outcome: str
    applies_from: date | None
    applies_to: date | None
    applies_by: AppliesBy
    citation: str
    confidence: str
    note: str

    def __str__(self) -> str:
        return self.rule_id

    def alternatives(self, column: str) -> tuple[str, ...]:
        """What the row accepts in a column of the scope; empty where it accepts anything."""
        accepted: tuple[str, ...] = getattr(self, column)
        return () if ANY in accepted else accepted

    def covers(self, day: date) -> bool:
        return (self.applies_from is None or self.applies_from <= day) and (
            self.applies_to is None or day <= self.applies_to
        )

    @property
    def has_dates(self) -> bool:
        return self.applies_from is not None or self.applies_to is not None


@dataclass(frozen=True, slots=True)
class RuleTable:
    """All rows, in the order of the file; `version` is a digest of the file as it was read."""

    rules: tuple[Rule, ...]
    version: str

    def rule(self, rule_id: str) -> Rule:
        """The row of that id. Raises NoRule where there is none."""
        for one in self.rules:
            if one.rule_id == rule_id:
                return one
        raise NoRule(f"The rule table has no row {rule_id}.")


@cache
def rule_table(path: Path = SOURCE) -> RuleTable:
    """The table as shipped, or another file of the same columns."""
    data = path.read_bytes()
    rows = csv.DictReader(data.decode("utf-8").splitlines())
    rules = tuple(_rule(row) for row in rows)
    return RuleTable(rules, version=hashlib.sha256(data).hexdigest()[:12])


def _rule(row: Mapping[str, str]) -> Rule:
    return Rule(
        rule_id=row["rule_id"],
        line_of_business=_words(row["line_of_business"]),
        stage=_words(row["stage"]),
        step=_words(row["step"]),
        review_type=_words(row["review_type"]),
        urgency=_words(row["urgency"]),
        item_kind=_words(row["item_kind"]),
        appeal_levels=_words(row["appeal_levels"]),
        condition=row["condition"],
        calculation=Calculation(row["calculation"]),
        number=_number(row["number"]),
        number_max=_number(row["number_max"]),
        unit=_unit(row["unit"]),
        starts_on=_words(row["starts_on"]),
        start_choice=StartChoice(row["start_choice"] or StartChoice.SINGLE),
        presumed_from=row["presumed_from"],
        presumed_receipt_days=_number(row["presumed_receipt_days"]),
        floor_event=row["floor_event"],
        day_calendar=DayCalendar(row["day_calendar"] or DayCalendar.PLAN_DUTY),
        weekend_roll=WeekendRoll(row["weekend_roll"] or WeekendRoll.NONE),
        month_overflow=MonthOverflow(row["month_overflow"]) if row["month_overflow"] else None,
        extension_number=_number(row["extension_number"]),
        extension_unit=_unit(row["extension_unit"]),
        extension_grounds=_words(row["extension_grounds"]),
        tolls=row["tolls"] == "true",
        respond_within_number=_number(row["respond_within_number"]),
        respond_within_unit=_unit(row["respond_within_unit"]),
        deficiency_notice_rule_id=row["deficiency_notice_rule_id"],
        incomplete_rule_id=row["incomplete_rule_id"],
        satisfied_by=_words(row["satisfied_by"]),
        missed_outcome=row["missed_outcome"],
        applies_from=_date(row["applies_from"]),
        applies_to=_date(row["applies_to"]),
        applies_by=AppliesBy(row["applies_by"]),
        citation=row["citation"],
        confidence=row["confidence"],
        note=row["note"],
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _number(text: str) -> int | None:
    return int(text) if text else None


def _unit(text: str) -> Unit | None:
    return Unit(text) if text else None


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
