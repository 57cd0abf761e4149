"""The record's facts as the engine takes them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings

from reviewer.clocks import Event, EventType
from reviewer.models import Appeal, Clock, ClockEvent, Request
from reviewer.workflow.clocks.periods import period_of

PERIOD: Final = "rating_period_start"
ABOUT: Final = "duty"  # names the one duty that a notice is about, where it is about no other


def events_of(request: Request, appeal: Appeal | None = None) -> list[Event]:
    """What is held true of a request, or of an appeal with the receipt of its request."""
    return [as_event(one) for one in about(standing(request), appeal)]


def standing(request: Request) -> list[ClockEvent]:
    """The facts of a request and its appeals that no later row corrects."""
    return standing_of([request.pk])[request.pk]


def standing_of(requests: Collection[int]) -> dict[int, list[ClockEvent]]:
    """As `standing`, of many requests by their keys; one query."""
    facts: dict[int, list[ClockEvent]] = defaultdict(list)
    rows = ClockEvent.objects.standing().filter(request__in=requests)
    for one in rows.select_related("corrects").order_by("at", "id"):
        facts[one.request_id].append(one)
    return facts


def about(facts: Iterable[ClockEvent], appeal: Appeal | None) -> list[ClockEvent]:
    if appeal is None:
        return [one for one in facts if one.appeal_id is None]
    return [
        one for one in facts if one.appeal_id == appeal.pk or one.type == EventType.RECEIVED.value
    ]


def facts_for(clock: Clock, facts: Iterable[ClockEvent]) -> list[ClockEvent]:
    """The facts that count for one clock.

    What is said of another determination or to another person is left out, and so is what was
    before the receipt that counts: a request that had ended and is reopened is received anew. Of
    the kind that started the clock an earlier event started a clock of its own. After the clock's
    end nothing counts.
    """
    until = clock.stopped_at or (clock.ended_by.at if clock.ended_by else None)
    found = about(facts, clock.appeal)
    receipt = _receipt(clock, found)
    return [
        one
        for one in found
        if one.determination_id in (None, clock.determination_id)
        and (not clock.recipient or one.recipient in ("", clock.recipient))
        and one.facts.get(ABOUT, clock.duty) == clock.duty
        and (until is None or one.at <= until)
        and (one.appeal_id is not None or first_row(one) >= receipt)
        and (one.type != clock.started_by.type or first_row(one) >= clock.started_by_id)
    ]


def _receipt(clock: Clock, facts: Iterable[ClockEvent]) -> int:
    """The row of the last receipt before the clock was started."""
    rows = [first_row(one) for one in facts if one.type == EventType.RECEIVED.value]
    return max((row for row in rows if row <= clock.started_by_id), default=0)


def first_row(one: ClockEvent) -> int:
    """The row that first told the fact; a correction has its place."""
    return first_told(one).pk


def first_told(one: ClockEvent) -> ClockEvent:
    while one.corrects is not None:
        one = one.corrects
    return one


def as_event(one: ClockEvent, zone: str = "") -> Event:
    """A fact as the engine takes it; without a time of day it is the day in the case's zone.

    A receipt that was moved is under the rating period of its own day.
    """
    case_zone = ZoneInfo(zone or settings.TIME_ZONE)
    at = one.at.astimezone(case_zone)
    written = at.isoformat() if one.has_time else at.date().isoformat()
    facts = {**one.facts, "type": one.type, "at": written}
    if one.corrects is not None and (said := one.facts.get(PERIOD)):
        was = first_told(one).at.astimezone(case_zone).date()
        facts[PERIOD] = period_of(date.fromisoformat(said), was=was, then=at.date()).isoformat()
    return Event.from_json(facts)


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes of an event as JSON keeps them; what is empty is left out.

    Who asked for more time or attested is `by_whom` here, as `by` is who writes it down.
    """
    named = {"by" if name == "by_whom" else name: value for name, value in facts.items()}
    return {name: _plain(value) for name, value in named.items() if value not in (None, "", [], ())}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
