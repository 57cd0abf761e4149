"""What could still move a limit, and until when: said beside it, before it is too late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from reviewer.clocks import Event, Flag, Rule, RuleBook, Scope
from reviewer.clocks.counting import count
from reviewer.clocks.events import EventType, Timeline
from reviewer.clocks.selection import find
from reviewer.clocks.starts import start_of, words
from reviewer.clocks.urgency import EXPEDITED, STANDARD
from reviewer.models import Clock
from reviewer.views.clock_words import grounds_words, limit_words, when


@dataclass(frozen=True, slots=True)
class Moved:
    """What the sentences are made of: a clock, the rule that set it, its facts and the hour."""

    clock: Clock
    rule: Rule
    base_at: datetime | None
    events: list[Event]
    book: RuleBook
    at: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.clock.zone)

    @property
    def is_extended(self) -> bool:
        """By the row that set the limit; flags tell of the selected one alone."""
        if self.clock.rule_id == self.clock.applied_rule_id:
            return Flag.EXTENDED in self.clock.answer["flags"]
        return self.base_at != self.clock.due_at

    @property
    def scope(self) -> Scope:
        return Scope(**self.clock.scope)

    @property
    def timeline(self) -> Timeline:
        return Timeline.of(self.events, self.zone, self.zone, None)


def moves(one: Moved) -> tuple[str, ...]:
    """Sentences, the nearest first; none for a clock that goes no more."""
    if not one.clock.is_going:
        return ()
    if one.clock.determination_id is not None:  # it is decided: only the notice is awaited
        return tuple(_answer(one))
    return (*_answer(one), *_extension(one), *_deficiency(one), *_urgency(one))


def _answer(one: Moved) -> Iterator[str]:
    if not one.clock.is_tolled(one.at):
        return
    days = _extension_words(one.rule)
    until, due = when(one.clock.tolled_until, one.zone), when(one.clock.due_at, one.zone)
    yield (
        "Information from the claimant, also a partial answer, resumes the clock; "
        f"from that day {days} are left."
    )
    yield f"Without an answer it resumes by itself at {until}; then it is due {due}."


def _extension(one: Moved) -> Iterator[str]:
    rule = one.rule
    if one.is_extended:
        if not one.clock.is_tolled(one.at):
            yield "It is extended; there is no second extension. Withdrawn, the base limit returns."
        return
    if rule.extension_number is None:
        yield f"{rule} is never extended."
        return
    if one.base_at is None:
        return
    last = when(one.base_at, one.zone)
    if one.at > one.base_at:
        yield f"An extension was possible until {last}; it is too late for one."
        return
    yield (
        f"An extension of {_extension_words(rule)} is possible until {last}: {grounds_words(rule)}."
    )
    if rule.tolls:
        yield "If the extension asks for missing information, the clock stops until the answer."


def _extension_words(rule: Rule) -> str:
    return f"{rule.extension_number} {words(rule.extension_unit or '')}"


def _deficiency(one: Moved) -> Iterator[str]:
    """An urgent request that lacks something: the notice moves it to a rule of its own."""
    rule = one.rule
    told = any(event.type == EventType.DEFICIENCY_NOTICE_SENT for event in one.events)
    if not rule.deficiency_notice_rule_id or told:
        return
    notice = one.book.rule(rule.deficiency_notice_rule_id)
    incomplete = one.book.rule(rule.incomplete_rule_id)
    start = start_of(notice, one.timeline)
    limit = count(notice, start, one.timeline, one.book).limit if start else None
    if limit and one.at <= limit:
        yield (
            f"A notice of what is missing, sent until {when(limit, one.zone)}, moves it to "
            f"{limit_words(incomplete)} from the answer ({incomplete.citation})."
        )


def _urgency(one: Moved) -> Iterator[str]:
    scope, timeline = one.scope, one.timeline
    if scope.urgency == STANDARD and not timeline.first(EventType.URGENCY_ATTESTED):
        raised = [*one.events, Event(EventType.URGENCY_ATTESTED, one.at)]
        found = _rule_beside(one, EXPEDITED, Timeline.of(raised, one.zone, one.zone, None))
        if found:
            yield (
                f"If urgency is attested, {limit_words(found)} count from then, where that is "
                f"earlier ({found.citation})."
            )
    is_about_it = EventType.EXPEDITE_REFUSED in one.rule.starts_on
    refused = timeline.first(EventType.EXPEDITE_REFUSED)
    if scope.urgency == EXPEDITED and not refused and not is_about_it:
        found = _rule_beside(one, STANDARD, timeline)
        if found:
            yield (
                f"If expediting is refused, {limit_words(found)} count from the receipt "
                f"({found.citation})."
            )


def _rule_beside(one: Moved, urgency: str, timeline: Timeline) -> Rule | None:
    found = find(one.book, one.scope.with_urgency(urgency), timeline)
    return found if found and found.rule_id != one.rule.rule_id else None
