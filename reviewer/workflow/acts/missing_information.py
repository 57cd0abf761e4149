"""What an urgent request lacks, told within its own limit."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from reviewer.clocks import Event, EventType
from reviewer.models import Clock, Notice, Request, Reviewer
from reviewer.models import Event as Milestone
from reviewer.workflow.acts.asking import going_clock, require_effect
from reviewer.workflow.acts.letters import compose
from reviewer.workflow.acts.writing import State, happened, keep_letter, kept, lock_in_hand, tell
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import require_words
from reviewer.workflow.notices import require_recipient
from reviewer.workflow.rule_book import book


@verb
def send_deficiency_notice(
    *,
    request: Request,
    wanted: str,
    respond_by: datetime,
    recipient: str = Notice.Recipient.PROVIDER,
    channel: str,
    by: Reviewer,
    at: datetime,
) -> Notice:
    """Say what an urgent request lacks; its own limit runs then from the answer, or from the end
    of the time to answer. Refused where there is no such rule, or too late."""
    lock_in_hand(request, by=by, act="told as incomplete")
    require_words(wanted, "what is missing")
    require_recipient(recipient)
    if respond_by <= at:
        raise Refused("The time to answer lies in the past. Name a later one.")
    clock = going_clock(request)
    event = Event(EventType.DEFICIENCY_NOTICE_SENT, at, respond_by=respond_by)
    require_effect(clock, event, at=at)
    body = compose_missing(
        request, clock, wanted=wanted, respond_by=respond_by, recipient=recipient, at=at
    )
    letter = keep_letter(
        request,
        kind=Notice.Kind.MISSING_INFORMATION,
        body=body,
        channel=channel,
        recipient=recipient,
        by=by,
        at=at,
    )
    name, waits = Milestone.Name.MISSING_TOLD, State.INCOMPLETE
    milestone = tell(request, name, wanted, by=by, at=at, after=kept(letter), state=waits)
    happened(request, event.type, by=by, at=at, milestone=milestone, respond_by=respond_by)
    return letter


def compose_missing(
    request: Request,
    clock: Clock,
    *,
    wanted: str,
    respond_by: datetime,
    recipient: str,
    at: datetime,
) -> str:
    zone = ZoneInfo(clock.zone)
    incomplete = book().rule(book().rule(clock.rule_id).incomplete_rule_id)
    least = at + timedelta(hours=incomplete.respond_within_number or 0)
    return compose(
        "missing_information",
        request,
        clock,
        at=at,
        wanted=wanted,
        for_member=recipient == Notice.Recipient.MEMBER,
        answer_by=max(respond_by, least).astimezone(zone),
        hours=incomplete.number,
    )
