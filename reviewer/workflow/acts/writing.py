"""What every act on a clock shares: who may, the milestone, the fact, and the letter."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from reviewer.clocks import EventType
from reviewer.models import Appeal, Clock, ClockEvent, Event, Notice, Request, Reviewer
from reviewer.workflow.appeals import lock_appeal, require_in_hand, require_open
from reviewer.workflow.appeals import tell as tell_of_appeal
from reviewer.workflow.capsules import sha256
from reviewer.workflow.clocks import note
from reviewer.workflow.clocks.scopes import Subject, appeal_of, request_of
from reviewer.workflow.errors import Refused
from reviewer.workflow.guards import lock, require_assigned, require_state
from reviewer.workflow.record import change
from reviewer.workflow.requests import UNDER_REVIEW

State = Request.State
REVIEW: Final = "reviewer.review_request"
ENTER: Final = "reviewer.add_request"
DENY: Final = "reviewer.deny_request"
DECIDE: Final = "reviewer.decide_appeal"
ADD_APPEAL: Final = "reviewer.add_appeal"


def lock_in_hand(of: Subject, *, by: Reviewer, act: str, needs: str = REVIEW) -> None:
    """Lock what the person has in hand and reviews now."""
    if isinstance(of, Appeal):
        lock_appeal(of, by=by, needs=[DECIDE])
        require_open(of, act)
        require_in_hand(of, by)
        return
    lock(of, by=by, needs=[needs])
    require_state(of, UNDER_REVIEW, f"it is {act}")
    require_assigned(of, by)


def lock_open(of: Subject, *, by: Reviewer, act: str) -> None:
    """Lock what is open, whoever has it: what others said is written down by who hears it."""
    if isinstance(of, Appeal):
        lock_appeal(of, by=by, needs=[DECIDE, ADD_APPEAL])
        require_open(of, act)
        return
    lock(of, by=by, needs=[REVIEW, ENTER])
    require_state(of, Request.OPEN, f"it is {act}")


def tell(
    of: Subject,
    name: Event.Name,
    sentence: str,
    *,
    by: Reviewer,
    at: datetime,
    after: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Event:
    """The milestone, with what it changes of the request or the appeal."""
    if isinstance(of, Request):
        return change(of, name, by=by, at=at, sentence=sentence, after=after, **fields)
    for field, value in fields.items():
        setattr(of, field, value)
    of.revision += 1
    of.save(update_fields=[*fields, "revision"])
    return tell_of_appeal(of, name, f"Appeal {of}: {sentence}", by=by, at=at, after=after)


def happened(
    of: Subject,
    type: EventType,
    *,
    by: Reviewer | None,
    at: datetime | date,
    milestone: Event,
    recipient: str = "",
    **facts: Any,
) -> ClockEvent:
    """Note the fact of a milestone."""
    return note(
        request=request_of(of),
        appeal=appeal_of(of),
        type=type,
        at=at,
        by=by,
        milestone=milestone,
        recipient=recipient,
        **facts,
    )


def keep_letter(
    of: Subject,
    *,
    kind: Notice.Kind,
    body: str,
    channel: str,
    by: Reviewer,
    at: datetime,
    recipient: str = Notice.Recipient.MEMBER,
) -> Notice:
    """Keep a letter as the exact bytes that went."""
    if channel not in Notice.Channel.values:
        raise Refused("Say how the letter is sent.")
    return Notice.objects.create(
        request=request_of(of),
        appeal=appeal_of(of),
        kind=kind,
        recipient=recipient,
        channel=channel,
        body=body,
        sha256=sha256(body),
        sent_by=by,
        sent_at=at,
    )


def kept(notice: Notice) -> dict[str, Any]:
    """A letter as its milestone names it."""
    return {"letter": notice.pk, "sha256": notice.sha256}


def confirm_letter(
    of: Subject, duty: str, notice: Notice, *, by: Reviewer, at: datetime, milestone: Event
) -> None:
    """The letter is the written notice that a duty asks for, where its clock goes."""
    if Clock.objects.going().about(of).filter(duty=duty).exists():
        happened(
            of,
            EventType.WRITTEN_NOTICE_SENT,
            by=by,
            at=at,
            milestone=milestone,
            recipient=notice.recipient,
            channel=notice.channel,
            duty=duty,
        )
