"""Notices of determinations: composed from the record, sent, and kept as the exact bytes."""

import re
from datetime import datetime
from functools import partial
from typing import Final

from django.template.loader import render_to_string

from policies.models import LineOfBusiness
from reviewer.clocks import EventType
from reviewer.models import Appeal, Determination, Event, Notice, Request, Reviewer
from reviewer.models.determinations import CLINICAL
from reviewer.workflow.capsules import sha256
from reviewer.workflow.clocks import is_awaited, note
from reviewer.workflow.determinations import require_active
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import lock
from reviewer.workflow.record import change
from reviewer.workflow.told import everyone_is_told

State = Request.State
SEND: Final = "reviewer.send_notice"
# The rights of appeal that an adverse notice tells, by kind of coverage.
RIGHTS: Final = {
    LineOfBusiness.COMMERCIAL_INSURED: "group_plan",
    LineOfBusiness.COMMERCIAL_SELF_FUNDED: "group_plan",
    LineOfBusiness.MARKETPLACE: "marketplace",
    LineOfBusiness.MEDICARE_ADVANTAGE: "medicare_advantage",
    LineOfBusiness.INTEGRATED_DSNP: "integrated_dsnp",
    LineOfBusiness.MEDICAID: "medicaid",
}


def compose_notice(*, determination: Determination, recipient: str) -> str:
    """The letter about a determination, in plain text. The same record gives the same letter."""
    require_recipient(recipient)
    request = determination.request
    context = {
        "determination": determination,
        "request": request,
        "line": determination.line,
        "member": request.member,
        "citations": determination.citations.select_related("passage"),
        "for_member": recipient == Notice.Recipient.MEMBER,
        "is_clinical": determination.ground in CLINICAL,
        "credential": determination.credential,
        "said_at": said_at(determination, recipient),
        "rights": f"letters/rights/{RIGHTS[LineOfBusiness(request.line_of_business)]}.txt",
    }
    letter = render_to_string("letters/determination.txt", context).strip() + "\n"
    return re.sub(r"\n{3,}", "\n\n", letter)


@verb
def send_notice(
    *, determination: Determination, recipient: str, channel: str, by: Reviewer, at: datetime
) -> Notice:
    """Record a notice as sent. With the last one due, the request is notified."""
    lock(determination.request, by=by, needs=[SEND])
    require_active(determination)
    require_no_appeal(determination)
    require_channel(channel)
    return keep_notice(
        determination=determination,
        kind=kind_of(determination, recipient, channel),
        recipient=recipient,
        channel=channel,
        body=compose_notice(determination=determination, recipient=recipient),
        by=by,
        at=at,
    )


def require_recipient(recipient: str) -> None:
    if recipient not in Notice.Recipient.values:
        raise Refused("Say who is told: the member or the provider.")


def require_channel(channel: str) -> None:
    if channel not in Notice.Channel.values:
        raise Refused("Say how the notice is sent.")


def require_no_appeal(determination: Determination) -> None:
    """Refuse to tell by itself what an appeal led to: its notice tells also of further rights."""
    if decision := determination.appeal_decision:
        raise Refused(
            f"This determination carries out appeal {decision.appeal}. Send the notice of the"
            " appeal's decision instead."
        )


def keep_notice(
    *,
    determination: Determination,
    kind: str,
    recipient: str,
    channel: str,
    body: str,
    by: Reviewer,
    at: datetime,
    appeal: Appeal | None = None,
    name: Event.Name = Event.Name.NOTICE_SENT,
    how: str = "",
) -> Notice:
    """Keep what was told of a decision as the exact bytes, with its milestone, and move the clocks
    by it. The caller has locked the request and asked whether this may be."""
    request = determination.request
    notice = Notice.objects.create(
        request=request,
        appeal=appeal,
        determination=determination,
        kind=kind,
        recipient=recipient,
        channel=channel,
        body=body,
        sha256=sha256(body),
        sent_by=by,
        sent_at=at,
    )
    is_last = request.state == State.DETERMINED and everyone_is_told(request)
    who, how = notice.get_recipient_display().lower(), how or notice.get_channel_display().lower()
    told_of = f"Appeal {appeal}" if appeal else f"{determination.line}"
    milestone = change(
        request,
        name,
        by=by,
        at=at,
        sentence=f"{told_of}: the {who} was told by {how}.",
        after={"notice": notice.pk, "sha256": notice.sha256}
        | ({"appeal": appeal.number} if appeal else {}),
        state=State.NOTIFIED if is_last else State(request.state),
    )
    move_clocks(notice, milestone)
    return notice


def kind_of(determination: Determination, recipient: str, channel: str) -> str:
    """What is said by telephone is confirmed by the next letter."""
    if channel == Notice.Channel.PHONE:
        return Notice.Kind.ORAL
    was_said = said_at(determination, recipient) is not None
    return Notice.Kind.CONFIRMATION if was_said else Notice.Kind.DETERMINATION


def said_at(determination: Determination, recipient: str) -> datetime | None:
    """When it was told by telephone, where no letter has confirmed that."""
    told = determination.notices.filter(recipient=recipient).order_by("-pk").first()
    return told.sent_at if told is not None and told.kind == Notice.Kind.ORAL else None


def move_clocks(notice: Notice, milestone: Event) -> None:
    """Who was told by phone was told orally; a letter may also confirm what was said before."""
    told = partial(
        note,
        request=notice.request,
        at=notice.sent_at,
        by=notice.sent_by,
        appeal=notice.appeal,
        determination=notice.determination,
        recipient=notice.recipient,
        milestone=milestone,
        channel=notice.channel,
    )
    if notice.channel == Notice.Channel.PHONE:
        told(type=EventType.ORAL_NOTICE_GIVEN)
        return
    told(type=EventType.DECISION_NOTICE_SENT)
    written = EventType.WRITTEN_NOTICE_SENT
    if is_awaited(written, notice):
        told(type=written)
