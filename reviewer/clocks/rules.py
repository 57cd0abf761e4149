"""The rows of `rules.csv`, typed. A limit is never a number in code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from reviewer.clocks.calendars import MonthOverflow
from reviewer.clocks.errors import WrongRow
from reviewer.clocks.events import EventType
from reviewer.clocks.holidays import DayCalendar
from reviewer.clocks.tables import ANY, Column, Kind, Table, date_of, number_of, words_of

RESPONSE_PERIOD_ENDED = "response_period_ended"
CONDITION = re.compile(r"requested_(?:(\d+)h_or_more|less_than_(\d+)h)_before_course_end")


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


STAGES = (
    "initial",
    "extension",
    "notice",
    "appeal_filing",
    "appeal_decision",
    "forwarding",
    "external_review",
    "hearing_filing",
    "hearing_decision",
    "benefit_continuation",
    "effectuation",
    "grievance",
    "reopening",
    "retention",
    "policy",
)
GROUNDS = (
    "matters_beyond_plan_control",
    "claimant_information_missing",
    "enrollee_request",
    "provider_request",
    "noncontract_provider_evidence",
    "exceptional_circumstances",
    "plan_needs_information",
)
CONFIDENCE = ("V", "V2", "V_old", "G", "CHOICE")
EVENTS = tuple(EventType)

RULES = Table(
    "rules",
    (
        Column("rule_id", Kind.KEY, is_required=True),
        Column("line_of_business", Kind.WORDS, is_required=True, about="Whose rules these are."),
        Column("stage", Kind.WORDS, STAGES, is_required=True),
        Column("step", Kind.WORDS, is_required=True, about="What is due inside the stage."),
        Column("review_type", Kind.WORDS, ("pre_service", "concurrent", "post_service", ANY)),
        Column("urgency", Kind.WORDS, ("standard", "expedited", ANY)),
        Column("item_kind", Kind.WORDS, about="“any”, or the kinds of item it is for."),
        Column("appeal_levels", Kind.WORDS, ("1", "2")),
        Column("condition", Kind.TEXT, about="requested_24h_or_more_before_course_end …"),
        Column("calculation", Kind.CHOICE, tuple(Calculation), is_required=True),
        Column("number", Kind.NUMBER),
        Column("number_max", Kind.NUMBER, about="Upper end where a State picks from a range."),
        Column("unit", Kind.CHOICE, tuple(Unit)),
        Column("starts_on", Kind.WORDS, (*EVENTS, RESPONSE_PERIOD_ENDED)),
        Column("start_choice", Kind.CHOICE, tuple(StartChoice)),
        Column("presumed_from", Kind.CHOICE, EVENTS),
        Column("presumed_receipt_days", Kind.NUMBER, about="Calendar days after that event."),
        Column("floor_event", Kind.CHOICE, EVENTS, about="Never earlier than its day's end."),
        Column("day_calendar", Kind.CHOICE, tuple(DayCalendar)),
        Column("weekend_roll", Kind.CHOICE, tuple(WeekendRoll)),
        Column("month_overflow", Kind.CHOICE, tuple(MonthOverflow)),
        Column("extension_number", Kind.NUMBER, about="Empty: no extension exists."),
        Column("extension_unit", Kind.CHOICE, (Unit.CALENDAR_DAYS,)),
        Column("extension_grounds", Kind.WORDS, GROUNDS, is_open=True),
        Column("tolls", Kind.CHOICE, ("true", "false"), about="Missing information stops it."),
        Column("respond_within_number", Kind.NUMBER),
        Column("respond_within_unit", Kind.CHOICE, (Unit.CALENDAR_DAYS, Unit.HOURS)),
        Column("deficiency_notice_rule_id", Kind.TEXT),
        Column("incomplete_rule_id", Kind.TEXT),
        Column("satisfied_by", Kind.WORDS, EVENTS),
        Column("missed_outcome", Kind.WORDS),
        Column("applies_from", Kind.DATE),
        Column("applies_to", Kind.DATE),
        Column("applies_by", Kind.CHOICE, tuple(AppliesBy), is_required=True),
        Column("citation", Kind.TEXT, is_required=True),
        Column("confidence", Kind.CHOICE, CONFIDENCE, is_required=True),
        Column("note", Kind.TEXT),
    ),
)


@dataclass(frozen=True)
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

    @cached_property
    def in_words(self) -> str:
        """`Rule MA.STD.PA: 7 calendar days, in force from 2026-01-01.`"""
        said = f"{self.number} {self.unit}" if self.unit else str(self.calculation)
        since = f", in force from {self.applies_from}" if self.applies_from else ""
        until = f", in force to {self.applies_to}" if self.applies_to else ""
        return f"Rule {self.rule_id}: {said.replace('_', ' ')}{since}{until}."

    @property
    def has_dates(self) -> bool:
        return self.applies_from is not None or self.applies_to is not None


def rule_of(row: Mapping[str, str]) -> Rule:
    """The typed row. Raises WrongRow with the column that does not go with the others."""
    RULES.check(row)
    rule = Rule(
        rule_id=row["rule_id"],
        line_of_business=words_of(row["line_of_business"]),
        stage=words_of(row["stage"]),
        step=words_of(row["step"]),
        review_type=words_of(row["review_type"]),
        urgency=words_of(row["urgency"]),
        item_kind=words_of(row["item_kind"]),
        appeal_levels=words_of(row["appeal_levels"]),
        condition=row["condition"],
        calculation=Calculation(row["calculation"]),
        number=number_of(row["number"]),
        number_max=number_of(row["number_max"]),
        unit=_unit(row["unit"]),
        starts_on=words_of(row["starts_on"]),
        start_choice=StartChoice(row["start_choice"] or StartChoice.SINGLE),
        presumed_from=row["presumed_from"],
        presumed_receipt_days=number_of(row["presumed_receipt_days"]),
        floor_event=row["floor_event"],
        day_calendar=DayCalendar(row["day_calendar"] or DayCalendar.PLAN_DUTY),
        weekend_roll=WeekendRoll(row["weekend_roll"] or WeekendRoll.NONE),
        month_overflow=MonthOverflow(row["month_overflow"]) if row["month_overflow"] else None,
        extension_number=number_of(row["extension_number"]),
        extension_unit=_unit(row["extension_unit"]),
        extension_grounds=words_of(row["extension_grounds"]),
        tolls=row["tolls"] == "true",
        respond_within_number=number_of(row["respond_within_number"]),
        respond_within_unit=_unit(row["respond_within_unit"]),
        deficiency_notice_rule_id=row["deficiency_notice_rule_id"],
        incomplete_rule_id=row["incomplete_rule_id"],
        satisfied_by=words_of(row["satisfied_by"]),
        missed_outcome=row["missed_outcome"],
        applies_from=date_of(row["applies_from"]),
        applies_to=date_of(row["applies_to"]),
        applies_by=AppliesBy(row["applies_by"]),
        citation=row["citation"],
        confidence=row["confidence"],
        note=row["note"],
    )
    _check(rule)
    return rule


def _unit(text: str) -> Unit | None:
    return Unit(text) if text else None


COUNTED = {Calculation.FORWARD, Calculation.BACKWARD}
LONG = {Unit.MONTHS, Unit.YEARS}


def _check(rule: Rule) -> None:
    for column, fault in (*_faults_of_the_limit(rule), *_faults_of_the_rest(rule)):
        raise WrongRow(RULES.name, rule.rule_id, column, fault)


def _faults_of_the_limit(rule: Rule) -> list[tuple[str, str]]:
    is_counted = rule.calculation in COUNTED
    is_fact = rule.calculation is Calculation.NONE
    is_immediate = rule.calculation is Calculation.IMMEDIATE
    is_presumed = rule.start_choice is StartChoice.PRESUMED_RECEIPT
    is_levels = rule.unit is Unit.APPEAL_LEVELS
    is_negative = rule.number is not None and rule.number < 0
    is_below = rule.number_max is not None and rule.number_max < (rule.number or 0)
    tests = (
        (is_counted and (rule.number is None or is_negative), "number", "a count, 0 or more"),
        (is_counted and rule.unit is None, "unit", "a length of time"),
        (is_counted and is_levels, "unit", "appeal_levels goes with calculation none"),
        (is_fact and rule.unit and not is_levels, "unit", "a fact has appeal_levels or nothing"),
        (is_fact and is_negative, "number", "a count, 0 or more"),
        (
            is_immediate and (rule.number or rule.unit is not Unit.HOURS),
            "number",
            "immediate is 0 hours; for a later limit the calculation is forward",
        ),
        (
            rule.calculation is Calculation.BACKWARD and rule.unit is not Unit.CALENDAR_DAYS,
            "unit",
            "days before an event are calendar_days",
        ),
        (is_below, "number_max", "the upper end is not below the number"),
        (
            rule.unit in LONG and rule.month_overflow is None,
            "month_overflow",
            "months and years need to know what holds where a month has no such day",
        ),
        (not is_fact and not rule.starts_on, "starts_on", "an event that starts the clock"),
        (is_presumed and not rule.presumed_from, "presumed_from", "the event receipt follows"),
        (
            is_presumed and (rule.presumed_receipt_days is None or rule.presumed_receipt_days < 0),
            "presumed_receipt_days",
            "a count of days, 0 or more",
        ),
    )
    return [(column, allowed) for is_wrong, column, allowed in tests if is_wrong]


def _faults_of_the_rest(rule: Rule) -> list[tuple[str, str]]:
    has_extension = rule.extension_number is not None
    answers_in_hours = RESPONSE_PERIOD_ENDED in rule.starts_on
    wanted = Unit.HOURS if answers_in_hours else Unit.CALENDAR_DAYS
    waits = rule.tolls or answers_in_hours
    tests = (
        (rule.condition and not CONDITION.fullmatch(rule.condition), "condition", CONDITION_FORM),
        (has_extension and (rule.extension_number or 0) < 1, "extension_number", "1 or more"),
        (has_extension and rule.extension_unit is None, "extension_unit", "calendar_days"),
        (
            has_extension and not rule.extension_grounds,
            "extension_grounds",
            "an extension needs the grounds that allow it",
        ),
        (
            not has_extension and (rule.extension_grounds or rule.extension_unit),
            "extension_number",
            "grounds and a unit need the length of the extension",
        ),
        (rule.tolls and not has_extension, "tolls", "only an extension stops a clock"),
        (
            rule.tolls and rule.unit is not Unit.CALENDAR_DAYS,
            "tolls",
            "only a limit in calendar_days is stopped",
        ),
        (
            waits and (rule.respond_within_number or 0) < 1,
            "respond_within_number",
            "the time to answer, 1 or more",
        ),
        (waits and rule.respond_within_unit is not wanted, "respond_within_unit", wanted.value),
        (
            bool(rule.deficiency_notice_rule_id) != bool(rule.incomplete_rule_id),
            "incomplete_rule_id",
            "it goes with deficiency_notice_rule_id, both or neither",
        ),
        (
            rule.applies_from and rule.applies_to and rule.applies_to < rule.applies_from,
            "applies_to",
            "it does not end before applies_from",
        ),
    )
    return [(column, allowed) for is_wrong, column, allowed in tests if is_wrong]


CONDITION_FORM = "requested_24h_or_more_before_course_end or requested_less_than_24h_before_…"
