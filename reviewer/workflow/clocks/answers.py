"""The engine's answer for a clock of the record, and how it is kept.

What is kept is a function of facts and rules alone, never of the hour at which it was computed:
`due_at` is the limit if nothing more arrives, `tolled_until` says until when the law stops the
clock for an answer that has not come. So no job has to run when that time passes.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from reviewer.clocks import Deadline, Event, EventType, Flag, OtherRule, RuleBook, Scope, compute
from reviewer.clocks.moments import At, moment_of
from reviewer.models import Appeal, Clock, ClockEvent
from reviewer.workflow.clocks.facts import as_event, facts_for, standing
from reviewer.workflow.clocks.scopes import (
    APPEAL_DECISION,
    DECISION,
    Subject,
    duty_with_rule,
    others_of,
)
from reviewer.workflow.rule_book import book as current_book
from reviewer.workflow.rule_book import row_of

TIMES: Final = (
    "due_at",
    "legal_max_at",
    "accept_through",
    "tolled_until",
    "target_at",
    "alarm_at",
)
MOVED: Final = "moved"  # what earlier versions of the rule had said
# What a recomputation compares; which book it was done by and when say nothing of a limit.
COMPARED: Final = (*TIMES, "rule_id", "applied_rule_id", "rule_row_id", "citation", "others")


def computed(
    clock: Clock,
    *,
    as_of: At | None = None,
    extra: Iterable[Event] = (),
    book: RuleBook | None = None,
    facts: Iterable[ClockEvent] | None = None,
) -> Deadline:
    """The engine's answer from the record's facts and hypothetical ones (`extra`).

    With `as_of` it says how the clock stands at that moment, also whether it is stopped by law.
    `facts` are the standing ones of the request, where they are at hand. Raises ClockError.
    """
    book = book or current_book()
    found = standing(clock.request) if facts is None else facts
    events = [as_event(one, clock.zone) for one in facts_for(clock, found)]
    events += extra
    scope = Scope(**clock.scope)
    duty = duty_with_rule(book.duty(clock.duty), book)
    others = others_of(subject(clock), duty, scope, events, clock.zone, book)
    return compute(scope, events, clock.zone, as_of=as_of, others=others, book=book)


def decision_clock(of: Subject) -> Clock | None:
    """The clock of the decision on a request or an appeal; of several the last one opened."""
    return decision_among(Clock.objects.about(of).select_related("rule_row"), of)


def decision_among(clocks: Iterable[Clock], of: Subject) -> Clock | None:
    """As `decision_clock`, of clocks at hand."""
    appeal = of.pk if isinstance(of, Appeal) else None
    mine = [one for one in clocks if one.appeal_id == appeal]
    found = [one for one in mine if one.duty == _decision(of)]
    if not found and isinstance(of, Appeal):
        found = [one for one in mine if _is_step_outside(one, of)]
    return max(found, key=lambda one: one.pk, default=None)


def _is_step_outside(clock: Clock, appeal: Appeal) -> bool:
    """Whether the clock is of the body outside the plan before which the appeal is."""
    scope = Scope(**clock.scope)
    is_there = scope.stage == appeal.stage
    return is_there and (appeal.stage != APPEAL_DECISION or scope.step == appeal.step)


def _decision(of: Subject) -> str:
    return APPEAL_DECISION if isinstance(of, Appeal) else DECISION


def subject(clock: Clock) -> Subject:
    return clock.appeal or clock.request


def kept(
    scope: Scope, events: list[Event], zone: str, others: list[OtherRule], book: RuleBook
) -> dict[str, Any]:
    """The columns of a clock for these facts. Raises ClockError."""
    deadline = compute(scope, events, zone, others=others, book=book)
    answer = deadline.as_json()
    tolled_until = _tolled_until(deadline, scope, events, zone, others, book)
    answer["tolled_until"] = tolled_until and tolled_until.isoformat()
    row = row_of(deadline.applied_rule_id, book=book)
    return {
        **{name: as_kept(getattr(deadline, name)) for name in TIMES},
        "tolled_until": as_kept(tolled_until),
        "rule_id": deadline.rule_id,
        "applied_rule_id": deadline.applied_rule_id,
        "rule_row_id": row.pk,
        "book_version": book.version,
        "citation": deadline.citation,
        "others": [{"rule_id": one.rule_id, "role": one.role.value} for one in others],
        "answer": answer,
    }


def as_kept(at: datetime | None) -> datetime | None:
    """In UTC: a local time in a repeated hour is equal to no time of another zone (PEP 495)."""
    return at and at.astimezone(UTC)


def remember(clock: Clock, values: dict[str, Any]) -> None:
    """Keep with the new answer what another version of the rule had said before it."""
    moved = (clock.answer or {}).get(MOVED, [])
    if clock.rule_row_id and clock.rule_row_id != values["rule_row_id"]:
        due = clock.due_at and clock.due_at.isoformat()
        moved = [*moved, {"rule_row": clock.rule_row_id, "due_at": due}]
    if moved:
        values["answer"][MOVED] = moved


def _tolled_until(
    deadline: Deadline,
    scope: Scope,
    events: list[Event],
    zone: str,
    others: list[OtherRule],
    book: RuleBook,
) -> datetime | None:
    """Until when the clock stands still without an answer; None where it does not."""
    if Flag.NO_ANSWER not in deadline.flags:
        return None
    case_zone = ZoneInfo(zone)
    known = sorted(moment_of(one.at, case_zone, seen_from=case_zone).instant for one in events)
    for notice in (one for one in events if one.type == EventType.EXTENSION_NOTICE_SENT):
        seen = moment_of(notice.at, case_zone, seen_from=case_zone).instant
        then = compute(scope, events, zone, as_of=seen, others=others, book=book)
        if ends := then.tolled_until:
            last = max(one for one in known if one <= ends)
            stands = compute(scope, events, zone, as_of=last, others=others, book=book)
            return stands.tolled_until if stands.due_at is None else None
    return None
