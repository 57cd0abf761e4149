"""What was asked for and is awaited no longer, because its request has come to an end."""

from typing import Final

from reviewer.models import Clock, Event, InformationRequest, Request, Reviewer
from reviewer.workflow.record import record

# What nobody has to do any more: once all is decided, and once the case is closed.
DECIDED: Final = ("deficiency_notice",)
CLOSED: Final = (*DECIDED, "peer_to_peer")


def end_awaited(request: Request, milestone: Event, *, by: Reviewer) -> None:
    """Nobody waits for an answer to what is over, nor has to say what it lacked; of what is closed
    nobody speaks.

    `milestone` is what ended the request, which the caller has locked.
    """
    duties = CLOSED if request.state == Request.State.CLOSED else DECIDED
    going = Clock.objects.going().filter(request=request, appeal=None, duty__in=duties)
    going.update(ended=Clock.End.OVERTAKEN, ended_by=milestone)
    waiting = list(InformationRequest.objects.waiting().filter(request=request))
    if not waiting:
        return
    asked = dict.fromkeys(f"the {one.get_recipient_display().lower()}" for one in waiting)
    record(
        request,
        Event.Name.INFORMATION_NOT_AWAITED,
        by=by,
        at=milestone.at,
        sentence=f"Asked of {' and '.join(asked)}, and not needed any more:"
        f" {request.get_state_display().lower()}.",
        after={"information_requests": [one.pk for one in waiting]},
    )
    for one in waiting:
        one.ending, one.ended_by = InformationRequest.Ending.OVERTAKEN, by
        one.ended_at = milestone.at
        one.save(update_fields=["ending", "ended_at", "ended_by"])
