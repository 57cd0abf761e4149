"""A fact of the record, and what it does to the clocks: one transaction with its milestone."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from reviewer.clocks import (
    ClockError,
    EventType,
    NoRule,
    RuleBook,
    Scope,
)
from reviewer.models import (
    Appeal,
    Clock,
    ClockEvent,
    Determination,
    Notice,
    ReceiptCorrection,
    Request,
    Reviewer,
)
from reviewer.models import Event as Milestone
from reviewer.workflow.clocks.answers import decision_among
from reviewer.workflow.clocks.facts import ABOUT, as_event, facts_for, plain_facts, standing
from reviewer.workflow.clocks.opening import open_duties, set_answer
from reviewer.workflow.clocks.scopes import (
    DECISION,
    Subject,
    request_of,
    zone_of,
)
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_book import book as current_book

# What is done for the case as a whole, of whichever determination a clock is.
OF_THE_CASE: Final = (EventType.CLAIM_ACTION_TAKEN.value, EventType.FORWARDED_TO_IRE.value)


def note(
    *,
    request: Request,
    type: EventType,
    at: datetime | date,
    by: Reviewer | None,
    appeal: Appeal | None = None,
    determination: Determination | None = None,
    recipient: str = "",
    milestone: Milestone | None = None,
    **facts: Any,
) -> ClockEvent:
    """Write a fact that limits depend on, and move the clocks by it.

    Opens the duties that it opens, stops those that it fulfils, computes the others anew and
    keeps the due time of the request or appeal. `at` is a date where only the day is known.
    `facts` are attributes of the engine's event. Raises Refused with what is missing where a
    required duty has no rule, or where the fact cannot be read.
    """
    book = current_book()
    event = ClockEvent(
        request=request,
        appeal=appeal,
        determination=determination,
        type=EventType(type).value,
        at=at if isinstance(at, datetime) else midnight(at, zone_of(appeal or request, book)),
        has_time=isinstance(at, datetime),
        facts=plain_facts(facts),
        recipient=recipient,
        milestone=milestone,
        recorded_by=by,
    )
    try:
        as_event(event)
    except ClockError as error:
        raise Refused(f"This fact cannot be read: {error}") from error
    event.save()
    move(event, book)
    return event


def correct(correction: ReceiptCorrection, *, request: Request, by: Reviewer) -> ClockEvent:
    """Write the fact again at its right time, alike in all else, and move the clocks by it.

    Where only the day was known it still is: of the right time its day counts.
    """
    old = correction.event
    event = ClockEvent(
        request=request,
        appeal=old.appeal,
        determination=old.determination,
        type=old.type,
        at=correction.at,
        has_time=old.has_time,
        facts=old.facts,
        recipient=old.recipient,
        milestone=old.milestone,
        corrects=old,
        correction=correction,
        recorded_by=by,
    )
    event.save()
    move(event, current_book())
    return event


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def move(event: ClockEvent, book: RuleBook) -> None:
    """Open, stop and compute anew what the fact touches."""
    request, facts = event.request, standing(event.request)
    if event.corrects is None:
        open_duties(event, facts, book)
    clocks = clocks_of(request)
    for clock in clocks:
        if (clock.is_going and fulfils(event, clock, book)) or (
            event.corrects and clock.stopped_by_id == event.corrects_id
        ):
            stop(clock, event)
        if clock.is_going or is_before_the_end(event, clock):
            compute_anew(clock, facts, book, at=event.recorded_at)
    project(clocks, event.appeal or request)


def clocks_of(request: Request) -> list[Clock]:
    found = Clock.objects.filter(request=request).select_related(
        "appeal", "determination", "started_by", "stopped_by", "ended_by"
    )
    for clock in found:
        clock.request = request
        if clock.appeal:
            clock.appeal.request = request
    return list(found)


def fulfils(event: ClockEvent, clock: Clock, book: RuleBook) -> bool:
    """Whether the fact is what the clock's duty asks for."""
    try:
        duty = book.duty(clock.duty)
    except NoRule:
        return False
    is_about_it = (
        event.pk != clock.started_by_id
        and event.facts.get(ABOUT, clock.duty) == clock.duty
        and event.appeal_id == clock.appeal_id
        and (clock.determination_id in (None, event.determination_id) or event.type in OF_THE_CASE)
        and (not clock.recipient or event.recipient == clock.recipient)
    )
    if not is_about_it or event.type not in duty.stopped_by:
        return False
    fulfilling = book.rule(clock.applied_rule_id).satisfied_by
    if event.type == EventType.ORAL_NOTICE_GIVEN.value and fulfilling:
        return event.type in fulfilling
    if clock.duty == DECISION:
        return not event.request.lines.filter(active__isnull=True).exists()
    return True


def is_awaited(type: EventType, notice: Notice) -> bool:
    """Whether a duty to the notice's recipient is still to be done by a fact of this kind."""
    about = Clock.objects.going().about(notice.appeal or notice.request)
    going = about.filter(determination=notice.determination)
    awaited = going.filter(recipient__in=["", notice.recipient]).values_list("duty", flat=True)
    book = current_book()
    return any(type.value in book.duty(one).stopped_by for one in awaited)


def stop(clock: Clock, event: ClockEvent) -> None:
    clock.stopped_at, clock.stopped_by = event.at, event
    clock.save(update_fields=["stopped_at", "stopped_by"])


def end_clocks(
    *,
    request: Request,
    why: Clock.End,
    milestone: Milestone,
    appeal: Appeal | None = None,
    determination: Determination | None = None,
) -> None:
    """Nothing is left to do: of a request or of its appeal, or only of one determination."""
    going = Clock.objects.going().filter(request=request)
    if determination is not None:
        going = going.filter(determination=determination)
    else:
        going = going.filter(appeal=appeal)
    going.update(ended=why, ended_by=milestone)


def is_before_the_end(event: ClockEvent, clock: Clock) -> bool:
    """Whether a clock that is done with must be computed anew for a fact told later."""
    end = clock.stopped_at or (clock.ended_by.at if clock.ended_by else event.at)
    return event.at <= end


def compute_anew(
    clock: Clock, facts: Sequence[ClockEvent], book: RuleBook, *, at: datetime
) -> None:
    events = [as_event(one, clock.zone) for one in facts_for(clock, facts)]
    try:
        duty = book.duty(clock.duty)
        changed = set_answer(clock, Scope(**clock.scope), duty, events, book)
    except ClockError as error:
        raise Refused(f"{clock.label}: no limit can be computed. {error}") from error
    if changed:
        clock.computed_at = at
        clock.save(update_fields=[*changed, "computed_at"])


def keep_due(of: Subject) -> None:
    """Keep the due time of a decision anew where the request's state has changed it."""
    project(clocks_of(request_of(of)), of)


def project(clocks: Iterable[Clock], of: Subject) -> None:
    """Keep the due time of the decision where lists are ordered by it."""
    if found := projection(clocks, of):
        _, values = found
        changed = [name for name, value in values.items() if getattr(of, name) != value]
        for name in changed:
            setattr(of, name, values[name])
        if changed:
            of.save(update_fields=changed)


def projection(clocks: Iterable[Clock], of: Subject) -> tuple[Clock, dict[str, Any]] | None:
    """The clock of the decision and what is kept of it on the request or appeal.

    A request that was decided and is looked at again has no due time: nothing states one.
    """
    clock = decision_among(clocks, of)
    if clock is None:
        return None
    is_again = clock.stopped_at is not None and of.state in of.OPEN
    return clock, {
        "decision_due_at": None if is_again else clock.due_at,
        "decision_tolled_until": None if is_again else clock.tolled_until,
        "decision_rule": clock.applied_rule_id,
        "decision_citation": clock.citation,
    }
