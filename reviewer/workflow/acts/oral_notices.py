"""A decision that is told by telephone; a letter confirms it."""

from datetime import datetime

from reviewer.models import Determination, Event, Notice, Reviewer
from reviewer.workflow.capsules import sha256
from reviewer.workflow.determinations import require_active
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import lock, require_words
from reviewer.workflow.notices import SEND, move_clocks
from reviewer.workflow.record import change


@verb
def give_oral_notice(
    *, determination: Determination, recipient: str, told: str, by: Reviewer, at: datetime
) -> Notice:
    """Record what was said of a decision, to whom; the request is notified by writing alone."""
    request = determination.request
    lock(request, by=by, needs=[SEND])
    require_active(determination)
    if recipient not in Notice.Recipient.values:
        raise Refused("Say who is told: the member or the provider.")
    require_words(told, "what was said, and to whom")
    body = told.strip() + "\n"
    notice = Notice.objects.create(
        request=request,
        determination=determination,
        kind=Notice.Kind.ORAL,
        recipient=recipient,
        channel=Notice.Channel.PHONE,
        body=body,
        sha256=sha256(body),
        sent_by=by,
        sent_at=at,
    )
    who = notice.get_recipient_display().lower()
    milestone = change(
        request,
        Event.Name.TOLD_BY_PHONE,
        by=by,
        at=at,
        sentence=f"{determination.line}: the {who} was told by telephone.",
        after={"notice": notice.pk, "sha256": notice.sha256},
    )
    move_clocks(notice, milestone)
    return notice
