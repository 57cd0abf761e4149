"""The letter about a limit that passed without a decision, where the law calls that a denial."""

from datetime import datetime
from typing import Final

from reviewer.models import Clock, Event, Notice, Reviewer
from reviewer.workflow.acts.letters import compose
from reviewer.workflow.acts.writing import confirm_letter, keep_letter, kept, tell
from reviewer.workflow.clocks.scopes import Subject, request_of
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import lock

SEND: Final = "reviewer.send_notice"
DUTY: Final = "deemed_denial"


@verb
def send_not_decided(*, of: Subject, channel: str, by: Reviewer, at: datetime) -> Notice:
    """Tell the member that no decision was made in time, and what they may do. Nothing is
    decided by it: the request still wants its decision."""
    lock(request_of(of), by=by, needs=[SEND])
    body = compose_not_decided(of, at=at)
    kind = Notice.Kind.NOT_DECIDED
    letter = keep_letter(of, kind=kind, body=body, channel=channel, by=by, at=at)
    said = "The member was told that no decision was made in time."
    milestone = tell(of, Event.Name.LETTER_SENT, said, by=by, at=at, after=kept(letter))
    confirm_letter(of, DUTY, letter, by=by, at=at, milestone=milestone)
    return letter


def compose_not_decided(of: Subject, *, at: datetime) -> str:
    """The letter. Raises Refused where no such letter is due."""
    going = Clock.objects.going().about(of).filter(duty=DUTY)
    clock = going.select_related("started_by").first()
    if clock is None:
        raise Refused("No letter about a limit that passed is due.")
    return compose("not_decided", of, clock, at=at, expired_at=clock.started_by.at)
