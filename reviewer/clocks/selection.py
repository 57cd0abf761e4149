"""Which row of the table answers a question: exactly one, or a sentence about what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from reviewer.clocks.book import RuleBook
from reviewer.clocks.errors import NoRule, SeveralRules
from reviewer.clocks.events import EventType, Timeline
from reviewer.clocks.rules import CONDITION, AppliesBy, Rule
from reviewer.clocks.starts import start_of, words


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked, in the words of the table; an empty value fits only rows that do not care."""

    line_of_business: str
    stage: str
    step: str = "decision"
    review_type: str = ""
    urgency: str = ""
    item_kind: str = ""
    appeal_levels: int | None = None

    @classmethod
    def of(cls, rule: Rule) -> "Scope":
        """The scope a row stands for: its own values, the first where there are several."""
        values = {
            column: next(iter(rule.alternatives(column)), "")
            for column in COLUMNS
            if column != "appeal_levels"
        }
        levels = rule.alternatives("appeal_levels")
        return cls(**values, appeal_levels=int(levels[0]) if levels else None)

    def value(self, column: str) -> str:
        value = getattr(self, column)
        return "" if value is None else str(value)

    def with_urgency(self, urgency: str) -> "Scope":
        return replace(self, urgency=urgency)

    def __str__(self) -> str:
        return ", ".join(filter(None, (words(self.value(column)) for column in COLUMNS)))


COLUMNS = tuple(column.name for column in fields(Scope))


def select(book: RuleBook, scope: Scope, timeline: Timeline) -> Rule:
    """The one row that fits the scope, its condition and its dates.

    Raises NoRule or SeveralRules with a sentence that names what is missing.
    """
    found = find(book, scope, timeline)
    if found is None:
        nearest, about = _nearest(book.rules, _in_scope(book, scope), scope, timeline)
        raise NoRule(f"No rule fits “{scope}”. {nearest}", about=about)
    return found


def find(book: RuleBook, scope: Scope, timeline: Timeline) -> Rule | None:
    """As `select`, but None where no row fits."""
    fitting = [one for one in _in_scope(book, scope) if not _objection(one, timeline)]
    if len(fitting) > 1:
        names = ", ".join(one.rule_id for one in fitting)
        advice = "Only one of them may apply at a time: correct the table."
        raise SeveralRules(f"Several rules fit “{scope}”: {names}. {advice}")
    return fitting[0] if fitting else None


def knows(book: RuleBook, scope: Scope) -> bool:
    """Whether any row is for the scope, whatever its condition and dates: a cheap first look."""
    return bool(_in_scope(book, scope))


def _in_scope(book: RuleBook, scope: Scope) -> tuple[Rule, ...]:
    """The rows that accept every value of the scope, found once for each scope and book."""
    found = book.in_scope.get(scope)
    if found is None:
        found = tuple(one for one in book.rules if not _misfits(one, scope))
        book.in_scope[scope] = found
    return found


def _misfits(rule: Rule, scope: Scope) -> list[str]:
    """The columns in which the row does not accept the scope's value."""
    return [
        column
        for column in COLUMNS
        if (accepted := rule.alternatives(column)) and scope.value(column) not in accepted
    ]


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a row does not apply, and what was not said where that is why."""

    because: str
    about: tuple[str, ...] = ()


def _objection(rule: Rule, timeline: Timeline) -> Objection | None:
    """Why a row in scope does not apply to these events, or None where it does."""
    return _condition_objection(rule, timeline) or _date_objection(rule, timeline)


def _condition_objection(rule: Rule, timeline: Timeline) -> Objection | None:
    if not rule.condition:
        return None
    found = CONDITION.fullmatch(rule.condition)
    if found is None:
        return Objection(f"its condition “{words(rule.condition)}” is not one this program knows")
    at_least, less_than = found.groups()
    received = timeline.first(EventType.RECEIVED)
    if received is None or received.event.course_ends_at is None:
        because = "it needs to know when the approved course ends (course_ends_at)"
        return Objection(because, ("course_ends_at",))
    left = timeline.moment(received.event.course_ends_at).instant - received.instant
    is_early = left >= timedelta(hours=int(at_least or less_than))
    if is_early == bool(at_least):
        return None
    return Objection(f"it is for a course {words(rule.condition)}")


def _date_objection(rule: Rule, timeline: Timeline) -> Objection | None:
    if not rule.has_dates:
        return None
    compared = compared_date(rule, timeline)
    if compared is None:
        because = f"it needs to know the {words(rule.applies_by)} ({rule.applies_by})"
        by_period = rule.applies_by is AppliesBy.RATING_PERIOD_START
        return Objection(because, (rule.applies_by,) if by_period else rule.starts_on)
    if rule.covers(compared):
        return None
    since = f" from {rule.applies_from}" if rule.applies_from else ""
    until = f" to {rule.applies_to}" if rule.applies_to else ""
    return Objection(f"it applies{since}{until}, and the {words(rule.applies_by)} is {compared}")


def compared_date(rule: Rule, timeline: Timeline) -> date | None:
    """The day that the row's dates are held against; None where it is not known."""
    if rule.applies_by is AppliesBy.RATING_PERIOD_START:
        received = timeline.first(EventType.RECEIVED)
        return received.event.rating_period_start if received else None
    start = start_of(rule, timeline)
    return start.moment.day if start else None


def _nearest(
    rules: Iterable[Rule], in_scope: Iterable[Rule], scope: Scope, timeline: Timeline
) -> tuple[str, list[str]]:
    """The sentence about the rows that come closest, and what would make one of them fit."""
    objections = {one: found for one in in_scope if (found := _objection(one, timeline))}
    if objections:
        reasons = [f"{one} does not, as {found.because}" for one, found in objections.items()]
        about = dict.fromkeys(name for found in objections.values() for name in found.about)
        return f"{'; '.join(reasons)}.", list(about)
    accepted: dict[str, set[str]] = {}
    for one in rules:
        misfits = _misfits(one, scope)
        if len(misfits) == 1:
            accepted.setdefault(misfits[0], set()).update(one.alternatives(misfits[0]))
    for column in ("line_of_business", "stage", "step"):
        accepted.pop(column, None)  # a rule for another question is no hint
    if not accepted:
        return "The table has no row like it.", []
    hints = [f"{column} {' or '.join(sorted(values))}" for column, values in accepted.items()]
    return f"A row exists for {'; for '.join(hints)}.", list(accepted)
