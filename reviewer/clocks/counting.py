"""The base limit of a row: from its start, by its unit, before anything moves it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reviewer.clocks.book import RuleBook
from reviewer.clocks.calendars import (
    MonthOverflow,
    add_business_days,
    add_days_except_holidays,
    add_months,
    business_day_from,
    holidays_between,
    is_business_day,
)
from reviewer.clocks.conventions import BOARD_MEETING, cite
from reviewer.clocks.errors import NotADeadline
from reviewer.clocks.events import Timeline
from reviewer.clocks.holidays import DayCalendar
from reviewer.clocks.moments import day_in_words, end_of_day, in_words, wall_time_later
from reviewer.clocks.result import Said, Step, StepKind
from reviewer.clocks.rules import Calculation, Rule, Unit, WeekendRoll
from reviewer.clocks.starts import Start, shown

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Counted:
    """A limit (UTC), the wall-clock alarm of an hour rule, and the steps to it."""

    limit: datetime
    alarm: datetime | None
    steps: tuple[Step, ...]


def count(rule: Rule, start: Start, timeline: Timeline, book: RuleBook) -> Counted:
    """The row's limit from this start. Raises NotADeadline where the row sets none."""
    match rule.calculation:
        case Calculation.NONE:
            raise NotADeadline(f"{rule} states a fact ({rule.citation}); nothing is due by it.")
        case Calculation.IMMEDIATE:
            return _immediate(rule, start, timeline)
        case Calculation.BACKWARD:
            return _backward(rule, start, timeline)
        case Calculation.MEETING_SCHEDULE:
            return _meeting(rule, start, timeline, book)
        case Calculation.FORWARD if rule.unit is Unit.HOURS:
            return _hours(rule, start, timeline)
        case Calculation.FORWARD:
            return _forward(rule, start, timeline, book)


def _immediate(rule: Rule, start: Start, timeline: Timeline) -> Counted:
    limit = start.moment.instant
    sentence = f"Due immediately: {in_words(limit, timeline.zone)}."
    step = Step(sentence, shown(limit, timeline), rule.citation, StepKind.LIMIT)
    return Counted(limit, limit, (step,))


def _hours(rule: Rule, start: Start, timeline: Timeline) -> Counted:
    hours = timedelta(hours=number_of(rule))
    began = start.moment.instant
    limit, alarm = began + hours, wall_time_later(began, hours, timeline.zone)
    steps = [
        Step(
            lambda: f"{rule.number} hours after it, as elapsed: {in_words(limit, timeline.zone)}.",
            shown(limit, timeline),
            rule.citation,
            StepKind.LIMIT,
        )
    ]
    if alarm != limit:
        kept = min(alarm, limit)
        sentence = (
            f"The clocks change in between: the same wall-clock time is "
            f"{in_words(alarm, timeline.zone)}; the alarm keeps the earlier of the two."
        )
        steps.append(Step(sentence, shown(kept, timeline), cite("C1")))
    return Counted(limit, min(alarm, limit), tuple(steps))


def _backward(rule: Rule, start: Start, timeline: Timeline) -> Counted:
    day = start.moment.day - timedelta(days=number_of(rule))
    sentence = f"{rule.number} days before it: by the end of {day_in_words(day)}."
    return _ending(day, [(sentence, cite("backward"))], timeline)


def _meeting(rule: Rule, start: Start, timeline: Timeline, book: RuleBook) -> Counted:
    received, lead = start.moment.day, book.days_of(BOARD_MEETING)
    later = sorted(day for day in start.event.meeting_dates if day > received)
    skips = bool(later) and later[0] - received <= timedelta(days=lead)
    if len(later) <= skips:
        sentence = f"{rule} needs the dates of the next two meetings (meeting_dates)."
        raise NotADeadline(sentence, about=["meeting_dates"])
    sentences: Sentences = []
    if skips:
        sentence = (
            f"The first meeting after receipt, {day_in_words(later[0])}, is within {lead} days "
            f"of it: the second meeting decides."
        )
        sentences.append((sentence, cite(BOARD_MEETING)))
    day = later[skips]
    sentences.append((f"Due by the end of the meeting day, {day_in_words(day)}.", rule.citation))
    return _ending(day, sentences, timeline)


def _forward(rule: Rule, start: Start, timeline: Timeline, book: RuleBook) -> Counted:
    number = number_of(rule)
    sentences: Sentences = []
    if _has_own_window(rule, start):
        number = start.event.window_days or 0
        sentence = f"The window is set at {number} days; the rule alone says {rule.number}."
        sentences.append((sentence, cite("window")))
    day, said = _last_day(rule, start.moment.day, number, book)
    sentences += said
    if rule.weekend_roll is WeekendRoll.DUE_DATE:
        rolled = business_day_from(day, rule.day_calendar, book.days)
        if rolled != day:
            sentence = f"{day_in_words(day)} is no business day: {day_in_words(rolled)} instead."
            sentences.append((sentence, rule.citation))
        day = rolled
    elif rule.weekend_roll is WeekendRoll.NONE and not is_business_day(
        day, rule.day_calendar, book.days
    ):
        sentence = f"{day_in_words(day)} is no business day; the limit does not move for that."
        sentences.append((sentence, cite("C3")))
    return _ending(day, sentences, timeline)


def number_of(rule: Rule) -> int:
    return rule.number or 0  # a book has no row that counts without one


def _has_own_window(rule: Rule, start: Start) -> bool:
    return (
        start.event.window_days is not None
        and rule.day_calendar is DayCalendar.CLAIMANT
        and rule.unit is Unit.CALENDAR_DAYS
    )


Sentences = list[tuple[Said, str]]
"""Sentences with their citations."""


def _last_day(rule: Rule, day: date, number: int, book: RuleBook) -> tuple[date, Sentences]:
    match rule.unit:
        case Unit.CALENDAR_DAYS:
            last = day + timedelta(days=number)
            return last, [(_counted(number, "calendar days", day, last), rule.citation)]
        case Unit.BUSINESS_DAYS:
            last = add_business_days(day, number, rule.day_calendar, book.days)
            said = [(_counted(number, "business days", day, last), rule.citation)]
            return last, said + _skipped(rule, day, last, book)
        case Unit.CALENDAR_DAYS_EXCEPT_HOLIDAYS:
            last = add_days_except_holidays(day, number, rule.day_calendar, book.days)
            said = [(_counted(number, "days without holidays", day, last), rule.citation)]
            return last, said + _skipped(rule, day, last, book)
        case Unit.MONTHS:
            return _months(rule, day, number, f"{number} months")
        case Unit.YEARS:
            return _months(rule, day, number * MONTHS_A_YEAR, f"{number} years")
        case _:
            raise NotADeadline(f"{rule} counts in {rule.unit}, which is no length of time.")


def _counted(number: int, unit: str, day: date, last: date) -> Said:
    return lambda: f"{day_in_words(day)} is day 0; {number} {unit} end on {day_in_words(last)}."


def _skipped(rule: Rule, day: date, last: date, book: RuleBook) -> Sentences:
    skipped = holidays_between(day, last, rule.day_calendar, book.days)
    if not skipped:
        return []
    names = ", ".join(f"{name} ({day_in_words(one)})" for one, name in skipped.items())
    sources = dict.fromkeys(book.days.citation(one, rule.day_calendar) for one in skipped)
    return [(f"Not counted: {names}.", "; ".join(sources))]


def _months(rule: Rule, day: date, months: int, said: str) -> tuple[date, Sentences]:
    last = add_months(day, months, rule.month_overflow or MonthOverflow.LAST_DAY_OF_MONTH)
    sentence = f"{said} after {day_in_words(day)} end on {day_in_words(last)}."
    if last.day == day.day:
        return last, [(sentence, rule.citation)]
    return last, [(f"That month has no day {day.day}. {sentence}", cite("C6"))]


def _ending(day: date, sentences: Sentences, timeline: Timeline) -> Counted:
    """A limit at the end of a day; the last sentence about it carries the instant."""
    limit = end_of_day(day, timeline.zone)
    steps = [Step(sentence, None, citation, StepKind.COUNT) for sentence, citation in sentences]
    said = Step(
        lambda: f"The limit is {in_words(limit, timeline.zone)}.",
        shown(limit, timeline),
        cite("C2"),
        StepKind.LIMIT,
    )
    return Counted(limit, None, (*steps, said))
