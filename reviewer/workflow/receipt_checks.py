"""At which time something cannot have been received, whoever says so and whoever agrees."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from policies.wording import sentence_case
from reviewer.clocks import EventType
from reviewer.clocks.events import FROM_OUTSIDE
from reviewer.clocks.moments import in_words
from reviewer.clocks.starts import words
from reviewer.models import Appeal, AppealDecision, ClockEvent, Event, Request
from reviewer.time import local_day
from reviewer.workflow.clocks.facts import first_told
from reviewer.workflow.clocks.scopes import zone_of
from reviewer.workflow.errors import Refused
from reviewer.workflow.receipt_moves import is_receipt
from reviewer.workflow.rule_book import book

NAMES: Final = {
    EventType.RECEIVED.value: "Receipt of the request",
    EventType.APPEAL_RECEIVED.value: "Receipt of the appeal",
}
ENDS: Final = {
    Event.Name.WITHDRAWN: "withdrawn",
    Event.Name.DISMISSED: "dismissed",
    Event.Name.NO_AUTHORIZATION_REQUIRED: "ended, as no authorization was required",
}


def fact_of(event: ClockEvent) -> str:
    """The fact by its name: "Receipt of the request", "Information received"."""
    return NAMES.get(event.type) or sentence_case(words(event.type))


def correctable(of: Request | Appeal) -> list[ClockEvent]:
    """The facts that stand and came from outside, the first first."""
    appeal = of if isinstance(of, Appeal) else None
    request = of.request if isinstance(of, Appeal) else of
    found = ClockEvent.objects.standing().filter(request=request, appeal=appeal)
    found = found.filter(type__in=[one.value for one in FROM_OUTSIDE])
    facts = list(found.select_related("recorded_by__user", "correction").order_by("at", "pk"))
    for one in facts:
        one.request, one.appeal = request, appeal
    return facts


def require_from_outside(event: ClockEvent) -> None:
    if event.type not in FROM_OUTSIDE:
        raise Refused(
            f"“{fact_of(event)}” is what the plan did itself, and has the time of doing it."
            " Only the time of what came from outside is corrected."
        )


def require_possible(event: ClockEvent, at: datetime) -> None:
    """Refuse a time of receipt on the other side of a decision, without coverage, or after what
    was received was entered."""
    if event.type == EventType.RECEIVED:
        _require_cover(event.request, local_day(at))
        _require_same_side(event, at)
    elif event.type == EventType.APPEAL_RECEIVED and event.appeal:
        _require_within(event.appeal, at)
    _require_before_entry(event, at)


def _require_before_entry(event: ClockEvent, at: datetime) -> None:
    """What is in the record has come: nothing is received after it was entered."""
    first = first_told(event)
    entered_at = max(first.recorded_at, first.at)
    if is_receipt(event):
        entered_at = (event.appeal or event.request).entered_at
    if at > entered_at:
        zone = ZoneInfo(zone_of(event.appeal or event.request, book()))
        raise Refused(
            f"It was entered on {in_words(entered_at, zone)}, so it did not come after that. Mend"
            " the time."
        )


def _require_cover(request: Request, on: date) -> None:
    coverage = request.coverage
    if not coverage.is_in_force(on):
        raise Refused(
            f"On {on} the member did not have the coverage that the request is under ({coverage})."
            " Mend the time, or have the request entered under the coverage of that day."
        )


def _require_same_side(event: ClockEvent, at: datetime) -> None:
    """A request is received before it is decided; one that is reopened, after it."""
    zone = ZoneInfo(zone_of(event.request, book()))
    for how, when in _ends(event.request):
        if (when >= event.at) == (when >= at):
            continue
        said = f"The request was {how} on {in_words(when, zone)}"
        if when >= event.at:
            raise Refused(f"{said} and is not received after that. Mend the time.")
        raise Refused(f"{said} and was received again after that. Mend the time.")


def _ends(request: Request) -> Iterator[tuple[str, datetime]]:
    """How the request ended, each time."""
    for signed_at in request.determinations.order_by("signed_at").values_list(
        "signed_at", flat=True
    ):
        yield "decided", signed_at
    ended = request.events.filter(name__in=ENDS).values_list("name", "at")
    for name, at in ended:
        yield ENDS[Event.Name(name)], at


def _require_within(appeal: Appeal, at: datetime) -> None:
    """An appeal is received after the determination and before it is decided or withdrawn."""
    if local_day(at) < appeal.determination.signed_on:
        raise Refused("An appeal is received after the determination. Mend the time.")
    decided = AppealDecision.objects.filter(appeal=appeal).values_list("decided_at", flat=True)
    withdrawn = appeal.request.events.filter(
        name=Event.Name.APPEAL_WITHDRAWN, after__appeal=appeal.number
    ).values_list("at", flat=True)
    for how, found in (("decided", decided), ("withdrawn", withdrawn)):
        if (when := found.first()) and at > when:
            zone = ZoneInfo(zone_of(appeal, book()))
            raise Refused(
                f"The appeal was {how} on {in_words(when, zone)} and is not received after that."
                " Mend the time."
            )
