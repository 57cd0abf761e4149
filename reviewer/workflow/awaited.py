"""What was asked for and is awaited no longer, because its request has come to an end."""

from typing import Final

from reviewer.models import Clock, Event, InformationRequest, Request, Reviewer
from reviewer.workflow.record import record

DEFICIENCY: Final = "deficiency_notice"


def end_awaited(request: Request, milestone: Event, *, by: Reviewer) -> None:
    """Nobody waits for an answer to what is over, nor has to say what it lacked.

    `milestone` is what ended the request, which the caller has locked.
    """
    going = Clock.objects.going().filter(request=request, appeal=None, duty=DEFICIENCY)
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
