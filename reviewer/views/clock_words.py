"""What the screens of a clock call things: milestones, rules, roles, what a missed limit means."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from policies.wording import either, listed, sentence_case
from reviewer.clocks import EventType, Rule, StepKind
from reviewer.clocks.moments import in_words
from reviewer.clocks.starts import words
from reviewer.models import ClockEvent, Event
from reviewer.workflow.rule_words import (
    CONFIDENCE,
    TO_CONFIRM,
    length_of,
    missed_in_words,
    whose,
)

# Facts of clocks that are another word's milestone; the others have a milestone of their own word.
MILESTONES: Final = {
    EventType.DETERMINATION_MADE: Event.Name.DETERMINED,
    EventType.DECISION_NOTICE_SENT: Event.Name.NOTICE_SENT,
    EventType.WRITTEN_NOTICE_SENT: Event.Name.NOTICE_SENT,
}
BY_SYSTEM: Final = "This is recorded by the system; nothing is denied by itself."
ROLES: Final = {
    "selected": "selected",
    "binding": "binding",
    "target": "service target only",
    "companion": "a further duty, beside",
}
CLAUSES: Final = {
    "Legal maximum": "by the total period: base and extension days together, less the days used"
    " before the clock was stopped",
    "Accepted through": "the last day is no business day, so a filing counts until the next one"
    " ends",
    "Service target": "an earlier aim of the plan's own; missing it breaks no rule",
    "Alarm": "the same time by the wall clock; the clocks change in between",
}
KINDS: Final = {
    StepKind.RULE: "Rule",
    StepKind.START: "Starts",
    StepKind.COUNT: "Count",
    StepKind.LIMIT: "Limit",
    StepKind.MOVED: "Another rule",
    StepKind.EXTENDED: "Extended",
    StepKind.NO_EFFECT: "Without effect",
    StepKind.STOPPED: "Stopped",
    StepKind.RESUMED: "Resumes",
    StepKind.WITHDRAWN: "Withdrawn",
    StepKind.MAXIMUM: "Legal maximum",
    StepKind.REGIME: "Other regime",
    StepKind.ACCEPTED: "Filings",
    StepKind.MISSED: "Missed",
    StepKind.NOTE: "Note",
}


def milestone(type: str) -> str:
    """The name of a fact: that of its milestone, which every screen and letter uses."""
    known = {one.value for one in EventType}
    named = MILESTONES.get(EventType(type)) if type in known else None
    if named is None and type in Event.Name.values:
        named = Event.Name(type)
    return str(named.label) if named else sentence_case(words(type))


def milestone_of(fact: ClockEvent) -> str:
    """As `milestone`, of a fact with its own milestone where it has one."""
    return fact.milestone.get_name_display() if fact.milestone else milestone(fact.type)


def named_as_milestone(sentence: str, event: str) -> str:
    """The engine's sentence with the fact called by its milestone's name."""
    name = milestone(event) if event else ""
    own = words(event) if event else ""
    if not event or name.lower() == own:
        return sentence
    return sentence.replace(own, name[:1].lower() + name[1:])


def limit_words(rule: Rule) -> str:
    """`15 calendar days`, `72 hours`, `meeting schedule`."""
    if rule.unit is None or rule.number is None:
        return words(rule.calculation)
    return length_of(rule)


def regime_words(rule: Rule) -> str:
    return listed([whose(one) for one in rule.line_of_business])


def confidence_words(mark: str) -> str:
    """A warning where the rule is not confirmed; empty where it is."""
    return f"{sentence_case(CONFIDENCE[mark])}." if mark in TO_CONFIRM else ""


def missed_words(outcome: str, *, has_passed: bool) -> str:
    """What the law makes of a missed limit; empty where it makes nothing of it."""
    if not outcome:
        return ""
    opening = "The limit has passed without a decision:" if has_passed else "Once it passes,"
    return f"{opening} {missed_in_words(outcome)}. {BY_SYSTEM}"


def grounds_words(rule: Rule) -> str:
    return either([words(one) for one in rule.extension_grounds])


def when(at: datetime | None, zone: ZoneInfo) -> str:
    """Weekday, date, time and zone; empty for no time."""
    return in_words(at, zone) if at else ""
