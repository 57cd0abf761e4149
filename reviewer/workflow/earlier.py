"""Clocks for what was entered before clocks were kept: their facts are told from the milestones."""

from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from policies.models import LineOfBusiness
from reviewer.clocks import EventType
from reviewer.models import Appeal, Clock, Determination, Event, Notice, Request
from reviewer.time import local_day
from reviewer.workflow import appeal_receipts, determinations, notices, requests
from reviewer.workflow.clocks import governing_regime, note
from reviewer.workflow.errors import Refused, verb

INFORMATION: Final = {
    Event.Name.INFORMATION_REQUESTED: EventType.INFORMATION_REQUESTED,
    Event.Name.INFORMATION_RECEIVED: EventType.INFORMATION_RECEIVED,
}


def without_clock() -> QuerySet[Request]:
    """Requests that are open, or under an open appeal, and have no clock."""
    clocks = Clock.objects.filter(request=OuterRef("pk"))
    appealed = Appeal.objects.open().filter(request=OuterRef("pk"))
    return Request.objects.filter(~Exists(clocks)).filter(
        Exists(appealed) | Exists(Request.objects.open().filter(pk=OuterRef("pk")))
    )


def start_clocks() -> list[str]:
    """Start every clock that is missing; returns a sentence for each request that has no rule."""
    objections = []
    for request in without_clock().order_by("pk"):
        try:
            with transaction.atomic():
                start_clocks_of(request=request)
        except Refused as refused:
            objections.append(f"{request}: {refused.sentence}")
    return objections


@verb
def start_clocks_of(*, request: Request) -> None:
    """Tell the facts of a request again, in the order of its milestones."""
    request.refresh_from_db(from_queryset=Request.objects.select_for_update())
    if request.rating_period_start is None and request.line_of_business == LineOfBusiness.MEDICAID:
        request.rating_period_start = local_day(request.received_at).replace(month=1, day=1)
        request.save(update_fields=["rating_period_start"])
    for milestone in request.events.order_by("id"):
        tell(request, milestone)


def tell(request: Request, milestone: Event) -> None:
    at, after = milestone.at, milestone.after
    match milestone.name:
        case Event.Name.RECEIVED:
            requests.note_receipt(request, milestone, at=at, by=None)
        case Event.Name.INFORMATION_REQUESTED | Event.Name.INFORMATION_RECEIVED as name:
            type = INFORMATION[Event.Name(name)]
            note(request=request, type=type, at=at, by=None, milestone=milestone)
        case Event.Name.DETERMINED:
            determination = Determination.objects.get(pk=after["determination"])
            determination.request = request
            determinations.move_clocks(determination, milestone)
        case Event.Name.NOTICE_SENT:
            notice = Notice.objects.get(pk=after["notice"])
            notice.request = request
            notices.move_clocks(notice, milestone)
        case Event.Name.APPEAL_RECEIVED:
            tell_appeal(Appeal.objects.get(number=after["appeal"]), milestone)


def tell_appeal(appeal: Appeal, milestone: Event) -> None:
    """The receipt of an appeal that is still open; of one that was decided nothing is due."""
    if appeal.state in Appeal.OPEN:
        appeal.regime = governing_regime(appeal)
        appeal.save(update_fields=["regime"])
        opened_by = EventType.APPEAL_RECEIVED
        appeal_receipts.note_receipt(
            appeal, opened_by, milestone, by=None, information_complete_at=None
        )
