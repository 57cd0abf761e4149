"""A fact of the record, and what it does to the clocks: one transaction with its milestone."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from reviewer.clocks import (
    ClockError,
    Event,
    EventType,
    NoRule,
    NotStarted,
    RuleBook,
    Scope,
    duties_opened_by,
)
from reviewer.clocks.duties import Duty
from reviewer.models import (
    Appeal,
    Clock,
    ClockEvent,
    Determination,
    ReceiptCorrection,
    Request,
    Reviewer,
)
from reviewer.models import Event as Milestone
from reviewer.workflow.clocks.answers import kept, subject
from reviewer.workflow.clocks.facts import as_event, facts_for, plain_facts, standing
from reviewer.workflow.clocks.scopes import (
    APPEAL_DECISION,
    DECISION,
    Subject,
    duty_with_rule,
    others_of,
    regimes_of,
    request_of,
    rule_for,
    scopes_of,
    zone_of,
)
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_book import book as current_book

EXPEDITED, STANDARD = "expedited", "standard"
URGENCY: Final = (EventType.URGENCY_ATTESTED, EventType.EXPEDITE_REFUSED)


def note(
    *,
    request: Request,
    type: EventType,
    at: datetime | date,
    by: Reviewer | None,
    appeal: Appeal | None = None,
    determination: Determination | None = None,
    recipient: str = "",
    has_time: bool = True,
    milestone: Milestone | None = None,
    corrects: ClockEvent | None = None,
    correction: ReceiptCorrection | None = None,
    **facts: Any,
) -> ClockEvent:
    """Write a fact that limits depend on, and move the clocks by it.

    Opens the duties that it opens, stops those that it fulfils, computes the others anew and
    keeps the due time of the request or appeal. `at` is a date where only the day is known.
    `facts` are attributes of the engine's event. Raises Refused with what is missing where a
    required duty has no rule, or where the fact cannot be read.
    """
    book = current_book()
    if not isinstance(at, datetime):
        at, has_time = midnight(at, zone_of(appeal or request, book)), False
    event = ClockEvent(
        request=request,
        appeal=appeal,
        determination=determination,
        type=EventType(type).value,
        at=at,
        has_time=has_time,
        facts=plain_facts(facts),
        recipient=recipient,
        milestone=milestone,
        corrects=corrects,
        correction=correction,
        recorded_by=by,
    )
    try:
        as_event(event)
    except ClockError as error:
        raise Refused(f"This fact cannot be read: {error}") from error
    event.save()
    move(event, book)
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


# -- opening ---------------------------------------------------------------------------------


def open_duties(event: ClockEvent, facts: Sequence[ClockEvent], book: RuleBook) -> None:
    """Start the clocks of what has to be done now."""
    of: Subject = event.appeal or event.request
    opened = duties_opened_by(
        book,
        event.type,
        urgency=of.urgency,
        is_adverse=is_adverse(event),
        subject="appeal" if event.appeal else "request",
        step=event.appeal.step if event.appeal else "",
    )
    for duty in opened:
        if duty.recipient and event.recipient not in ("", duty.recipient):
            continue
        if duty.as_duty and not is_owed(duty, event):
            continue
        open_clock(duty, event, facts, book)


def is_adverse(event: ClockEvent) -> bool:
    return event.determination.is_adverse if event.determination else False


def is_owed(duty: Duty, event: ClockEvent) -> bool:
    """Whether the notice of a decision is still to be given: also a decision that replaces one
    of which the person was told is told, but no limit is stated for that."""
    replaced = event.determination and event.determination.replaces
    if replaced is None or event.appeal is not None:
        return True
    told = Clock.objects.filter(determination=replaced, duty=duty.id, stopped_at__isnull=False)
    return not told.exists()


def open_clock(
    duty: Duty, event: ClockEvent, facts: Sequence[ClockEvent], book: RuleBook
) -> Clock | None:
    """Start one clock; None where no rule states a limit for a duty that need not have one."""
    clock = Clock(
        request=event.request,
        appeal=event.appeal,
        determination=event.determination,
        duty=duty.id,
        label=duty.label,
        recipient=duty.recipient,
        started_by=event,
        zone=zone_of(event.appeal or event.request, book),
        computed_at=event.recorded_at,
    )
    events = [as_event(one, clock.zone) for one in facts_for(clock, facts)]
    try:
        scope = find_scope(clock, duty, events, book)
        set_answer(clock, scope, duty, events, book)
    except (NoRule, NotStarted) as error:
        if duty.is_required:
            raise Refused(missing(clock, error)) from error
        return None
    except ClockError as error:
        raise Refused(f"No limit can be computed for it: {error}") from error
    clock.save()
    return clock


def find_scope(clock: Clock, duty: Duty, events: list[Event], book: RuleBook) -> Scope:
    """What the duty's rule is selected by: of the governing regime, or of the first other one
    that knows the duty; another duty's, where it goes by that one's limit. Raises NoRule."""
    if duty.as_duty:
        whole = Clock.objects.filter(request=clock.request, appeal=clock.appeal, duty=duty.as_duty)
        if found := whole.order_by("-pk").first():
            return Scope(**found.scope)
    of = subject(clock)
    asked = duty_with_rule(duty, book)
    urgency = "" if duty.is_required else current_urgency(clock, events)
    first: NoRule | None = None
    for regime in regimes_of(of, book):
        scopes = scopes_of(of, asked, regime=regime.regime, urgency=urgency)
        try:
            return rule_for(scopes, events, clock.zone, book)
        except NoRule as error:
            first = first or error
            if duty.is_required:
                break
    raise first or NoRule("No regime is selected for it.")


def current_urgency(clock: Clock, events: Iterable[Event]) -> str:
    """Expedited from the attestation on; what was refused was asked for as expedited."""
    if clock.started_by.type == EventType.EXPEDITE_REFUSED:
        return EXPEDITED
    said = [one for one in events if one.type in URGENCY]
    if not said:
        return ""
    return EXPEDITED if said[-1].type == EventType.URGENCY_ATTESTED else STANDARD


def set_answer(
    clock: Clock, scope: Scope, duty: Duty, events: list[Event], book: RuleBook
) -> list[str]:
    """Set what the engine answers, and name the columns that are other than before."""
    others = others_of(subject(clock), duty_with_rule(duty, book), scope, events, clock.zone, book)
    values = kept(scope, events, clock.zone, others, book)
    if not clock.scope:
        values["scope"] = asdict(scope)
    changed = [name for name, value in values.items() if getattr(clock, name) != value]
    for name in changed:
        setattr(clock, name, values[name])
    return changed


def missing(clock: Clock, error: ClockError) -> str:
    """What a person can do about a request or an appeal that no rule fits."""
    what = f"Appeal {clock.appeal}" if clock.appeal else "The request"
    return f"{what} has no limit to go by, so it is not opened. {error}"


# -- stopping --------------------------------------------------------------------------------


def fulfils(event: ClockEvent, clock: Clock, book: RuleBook) -> bool:
    """Whether the fact is what the clock's duty asks for."""
    try:
        duty = book.duty(clock.duty)
    except NoRule:
        return False
    is_about_it = (
        event.pk != clock.started_by_id
        and event.appeal_id == clock.appeal_id
        and clock.determination_id in (None, event.determination_id)
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


def is_awaited(type: EventType, *, determination: Determination, recipient: str) -> bool:
    """Whether a duty to this person is still to be done by a fact of this kind."""
    going = Clock.objects.going().filter(determination=determination)
    awaited = going.filter(recipient__in=["", recipient]).values_list("duty", flat=True)
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


# -- computing -------------------------------------------------------------------------------


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
    """Keep the due time of the decision where lists are ordered by it.

    A request that was decided and is looked at again has no due time: nothing states one.
    """
    is_appeal = isinstance(of, Appeal)
    name, appeal = (APPEAL_DECISION, of.pk) if is_appeal else (DECISION, None)
    found = [one for one in clocks if one.duty == name and one.appeal_id == appeal]
    if not found:
        return
    clock = max(found, key=lambda one: one.pk)
    is_again = clock.stopped_at is not None and of.state in of.OPEN
    values = {
        "decision_due_at": None if is_again else clock.due_at,
        "decision_tolled_until": None if is_again else clock.tolled_until,
        "decision_rule": clock.applied_rule_id,
        "decision_citation": clock.citation,
    }
    changed = [field for field, value in values.items() if getattr(of, field) != value]
    for field in changed:
        setattr(of, field, values[field])
    if changed:
        of.save(update_fields=changed)
