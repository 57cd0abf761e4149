"""Events that have no screen of their own: steps of external review, hearings, grievances."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from policies.wording import sentence_case
from reviewer.clocks import EventType, Rule, RuleBook
from reviewer.clocks.duties import Duty, When
from reviewer.clocks.duties import Subject as Of
from reviewer.clocks.events import KNOWN_IN_ADVANCE
from reviewer.clocks.starts import words
from reviewer.models import Appeal, Clock, ClockEvent, Reviewer
from reviewer.models import Event as Milestone
from reviewer.workflow.acts.writing import happened, tell
from reviewer.workflow.appeals import lock_appeal
from reviewer.workflow.clocks.facts import ABOUT, standing
from reviewer.workflow.clocks.noting import midnight
from reviewer.workflow.clocks.opening import clock_for
from reviewer.workflow.clocks.scopes import Subject, regimes_of, request_of, zone_of
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import lock
from reviewer.workflow.rule_book import book as current_book

NEEDS: Final = ("reviewer.review_request", "reviewer.assign_request")
APPEAL_NEEDS: Final = ("reviewer.decide_appeal", "reviewer.add_appeal")
# What a verb of its own writes, with all that belongs to it.
ELSEWHERE: Final = {
    EventType.RECEIVED,
    EventType.APPEAL_RECEIVED,
    EventType.INFORMATION_REQUESTED,
    EventType.INFORMATION_RECEIVED,
    EventType.DEFICIENCY_NOTICE_SENT,
    EventType.EXTENSION_NOTICE_SENT,
    EventType.EXTENSION_REQUESTED,
    EventType.EXTENSION_WITHDRAWN,
    EventType.URGENCY_ATTESTED,
    EventType.EXPEDITE_REFUSED,
    EventType.DETERMINATION_MADE,
    EventType.DECISION_NOTICE_SENT,
    EventType.ORAL_NOTICE_GIVEN,
    EventType.AFFIRMED,
    EventType.LIMIT_EXPIRED,
    EventType.PEER_TO_PEER_REQUESTED,
    EventType.PEER_TO_PEER_MADE_AVAILABLE,
}
# What is asked about an event besides its time.
ATTRIBUTES: Final[dict[EventType, tuple[str, ...]]] = {
    EventType.NOTICE_SENT: ("channel", "window_days"),
    EventType.NOTICE_DATED: ("window_days",),
    EventType.NOTICE_RECEIVED: ("proof", "window_days"),
    EventType.EFFECTIVE_DATE: ("approved_through",),
    EventType.WRITTEN_NOTICE_SENT: ("channel", ABOUT),
}


@dataclass(frozen=True, slots=True)
class ByHand:
    """A duty that no event opens by itself, and the fact it would run from."""

    duty: Duty
    event: ClockEvent


def words_of(type: str) -> str:
    """“External review requested”, “Assigned to IRO”."""
    return sentence_case(words(type))


def duties_of(of: Subject, book: RuleBook) -> Iterator[tuple[Duty, list[Rule]]]:
    """The duties that may come up in the case, with the rules of its regimes for them."""
    regimes = {one.regime for one in regimes_of(of, book)}
    kind = Of.APPEAL if isinstance(of, Appeal) else Of.REQUEST
    mine = [one for one in book.rules if regimes.intersection(one.line_of_business)]
    for duty in book.duties:
        if duty.as_duty or duty.subject not in (Of.EITHER, kind):
            continue
        if rules := [one for one in mine if _is_of(one, duty)]:
            yield duty, rules


def _is_of(rule: Rule, duty: Duty) -> bool:
    return bool(set(rule.stage) & set(duty.stages) and set(rule.step) & set(duty.steps))


def types_for(of: Subject) -> list[EventType]:
    """Events that start or stop a duty of the case, less those with a screen of their own."""
    found: set[str] = set()
    for duty, rules in duties_of(of, current_book()):
        found.update((duty.opened_by, *duty.stopped_by))
        for rule in rules:
            found.update((*rule.starts_on, rule.presumed_from, rule.floor_event))
    known = [one for one in EventType if one.value in found and one not in ELSEWHERE]
    return sorted(known, key=words_of)


def letters_awaited(of: Subject) -> list[tuple[str, str]]:
    """The duties that a written notice would fulfil now, by their ids."""
    book = current_book()
    going = Clock.objects.going().about(of)
    written = EventType.WRITTEN_NOTICE_SENT.value
    return [
        (one.duty, one.label)
        for one in going.order_by("due_at")
        if one.determination_id is None and written in book.duty(one.duty).stopped_by
    ]


def lock_any(of: Subject, *, by: Reviewer) -> None:
    if isinstance(of, Appeal):
        lock_appeal(of, by=by, needs=APPEAL_NEEDS)
    else:
        lock(of, by=by, needs=NEEDS)


@verb
def record_event(
    *,
    of: Subject,
    type: EventType,
    when: datetime | date,
    facts: Mapping[str, Any],
    by: Reviewer,
    at: datetime,
) -> ClockEvent:
    """Write down what happened; it starts and stops the clocks that depend on it."""
    lock_any(of, by=by)
    if type not in types_for(of):
        raise Refused("No rule of this case depends on such an event. Choose another one.")
    book = current_book()
    instant = when if isinstance(when, datetime) else midnight(when, zone_of(of, book))
    if instant > at and type not in KNOWN_IN_ADVANCE:
        raise Refused("What lies in the future has not happened. Mend the time.")
    asked = {name: facts[name] for name in ATTRIBUTES.get(type, ()) if facts.get(name)}
    sentence = f"{words_of(type)}, {instant_in_words(when)}."
    milestone = tell(of, Milestone.Name.EVENT_RECORDED, sentence, by=by, at=at)
    recipient = next(
        (one.recipient for one, _ in duties_of(of, book) if one.id == asked.get(ABOUT)), ""
    )
    return happened(of, type, by=by, at=when, milestone=milestone, recipient=recipient, **asked)


def instant_in_words(when: datetime | date) -> str:
    return f"{when:%Y-%m-%d %H:%M}" if isinstance(when, datetime) else f"{when:%Y-%m-%d}"


def by_hand(of: Subject) -> list[ByHand]:
    """The duties that only a person can start, each with the last fact that it may run from."""
    book = current_book()
    appeal = of.pk if isinstance(of, Appeal) else None
    facts = [one for one in standing(request_of(of)) if one.appeal_id in (None, appeal)]
    has_clock = set(Clock.objects.about(of).values_list("duty", "started_by"))
    found = []
    for duty, rules in duties_of(of, book):
        starts = {duty.opened_by, *(one for rule in rules for one in rule.starts_on)}
        last = next((one for one in reversed(facts) if one.type in starts), None)
        if duty.when is When.ASKED and last and (duty.id, last.pk) not in has_clock:
            found.append(ByHand(duty, last))
    return found


@verb
def start_clock(*, of: Subject, duty: str, by: Reviewer, at: datetime) -> Clock:
    """Start the clock of a duty that only a person knows to be owed."""
    lock_any(of, by=by)
    chosen = next((one for one in by_hand(of) if one.duty.id == duty), None)
    if chosen is None:
        raise Refused("This clock cannot be started: it runs already, or nothing started it.")
    event = chosen.event
    event.request = request_of(of)
    if isinstance(of, Appeal):
        event.appeal = of
    clock = clock_for(chosen.duty, event, standing(request_of(of)), current_book())
    if clock is None:
        raise Refused(f"No rule states a limit for “{chosen.duty.label}” in this case.")
    clock.save()
    sentence = f"Clock started: {clock.label} ({clock.citation})."
    tell(of, Milestone.Name.EVENT_RECORDED, sentence, by=by, at=at, after={"clock": clock.pk})
    return clock
