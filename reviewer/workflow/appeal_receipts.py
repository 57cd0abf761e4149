"""An appeal as it is received: by whom, on what standing, where it goes, and its clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final

from django.db.models import Max

from reviewer.clocks import ClockError, EventType
from reviewer.models import Appeal, Determination, Event, Reviewer
from reviewer.time import local_day
from reviewer.workflow import determinations
from reviewer.workflow.appeal_routes import Route, foreseen, require_route
from reviewer.workflow.appeals import ADD, tell
from reviewer.workflow.clocks import governing_regime, note
from reviewer.workflow.clocks.scopes import APPEAL_STEPS, DECISION
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import lock, require_words
from reviewer.workflow.numbers import appeal_number

BOARD: Final = "board_meeting"
NO_LIMIT: Final = "No rule states a limit for this appeal, so it is not opened."


@dataclass(frozen=True, slots=True)
class Place:
    """Whose rules an appeal is under, at which stage and step; empty: the governing ones'."""

    regime: str = ""
    stage: str = "appeal_decision"
    step: str = ""


THE_PLANS: Final = Place()


@verb
def receive_appeal(
    *,
    determination: Determination,
    initiator: str,
    initiator_name: str,
    urgency: str,
    channel: str,
    received_at: datetime,
    grounds: str,
    by: Reviewer,
    at: datetime,
    standing: str = "",
    place: Place = THE_PLANS,
    item_kinds: Mapping[str, str] | None = None,
    plan_levels: int | None = None,
    meeting_dates: Sequence[date] = (),
    information_complete_at: datetime | None = None,
) -> Appeal:
    """Open the appeal of an adverse determination that holds now; its clock runs from receipt.

    `item_kinds`, `plan_levels` and the `meeting_dates` of a board are what some limits depend on;
    where there are meetings, the board decides. `standing` is what lets someone other than the
    member appeal. Refuses what no rule states a limit for.
    """
    request = determination.request
    lock(request, by=by, needs=[ADD])
    determinations.require_active(determination)
    if not determination.is_adverse:
        raise Refused("Nothing was decided against the request on this line; nothing is appealed.")
    if received_at > at or local_day(received_at) < determination.signed_on:
        raise Refused(
            "An appeal is received after the determination and not in the future. Mend the time."
        )
    if information_complete_at and not received_at <= information_complete_at <= at:
        raise Refused(
            "An appeal is complete from its receipt on, not in the future. Mend the time."
        )
    require_words(initiator_name, "who appeals")
    require_words(grounds, "what the appeal says")
    for other in determination.appeals.open():
        raise Refused(f"The determination is under appeal already. Open appeal {other}.")
    appeal = Appeal(
        number=appeal_number(received_at),
        request=request,
        determination=determination,
        level=next_level(determination),
        initiator=initiator,
        initiator_name=initiator_name,
        standing=standing,
        urgency=urgency,
        channel=channel,
        received_at=received_at,
        grounds=grounds,
        item_kinds=dict(item_kinds or {}),
        plan_levels=plan_levels,
        meeting_dates=[one.isoformat() for one in meeting_dates],
        entered_by=by,
        entered_at=at,
    )
    put_in_place(appeal, place)
    route = require_limit(appeal, information_complete_at=information_complete_at)
    appeal.save()
    who = appeal.get_initiator_display().lower()
    said = f"Appeal {appeal} by the {who}." + (f" Standing: {standing}" if standing else "")
    milestone = tell(appeal, Event.Name.APPEAL_RECEIVED, said, by=by, at=at)
    complete_at = information_complete_at
    note_receipt(appeal, route.opened_by, milestone, by=by, information_complete_at=complete_at)
    return appeal


def put_in_place(appeal: Appeal, place: Place) -> None:
    """Set whose rules the appeal is under; a board decides where it has meetings."""
    appeal.regime = place.regime or governing_regime(appeal)
    appeal.stage = place.stage
    usual = BOARD if appeal.meeting_dates else APPEAL_STEPS.get(appeal.regime, DECISION)
    appeal.step = place.step or usual


def require_limit(appeal: Appeal, *, information_complete_at: datetime | None) -> Route:
    """Refuse what no rule states a limit for. A duty that must have one refuses by itself."""
    try:
        route = require_route(appeal)
        if not route.duty.is_required:
            foreseen(appeal, route, information_complete_at=information_complete_at)
    except ClockError as error:
        raise Refused(f"{NO_LIMIT} {error}") from error
    return route


def note_receipt(
    appeal: Appeal,
    opened_by: EventType,
    milestone: Event,
    *,
    by: Reviewer | None,
    information_complete_at: datetime | None,
) -> None:
    """The receipt; it opens the clock of the appeal's decision."""
    happened = partial(note, request=appeal.request, appeal=appeal, by=by, milestone=milestone)
    if information_complete_at is not None:  # before the receipt: some limits start by it
        complete = EventType.NECESSARY_INFORMATION_RECEIVED
        happened(type=complete, at=information_complete_at)
    happened(
        type=opened_by,
        at=appeal.received_at,
        channel=appeal.channel,
        meeting_dates=appeal.meeting_dates,
    )


def next_level(determination: Determination) -> int:
    """One above the last appeal of the line, also of determinations that were replaced."""
    earlier = Appeal.objects.filter(determination__line=determination.line_id)
    return (earlier.aggregate(last=Max("level"))["last"] or 0) + 1
