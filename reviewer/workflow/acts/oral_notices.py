"""A decision that is told by telephone; a letter confirms it."""

from datetime import datetime

from reviewer.models import Appeal, Determination, Event, Notice, Reviewer
from reviewer.workflow.determinations import require_active
from reviewer.workflow.errors import verb
from reviewer.workflow.guards import lock, require_words
from reviewer.workflow.notices import SEND, keep_notice, require_no_appeal, require_recipient


@verb
def give_oral_notice(
    *, determination: Determination, recipient: str, told: str, by: Reviewer, at: datetime
) -> Notice:
    """Record what was said of a decision, to whom; the request is notified by writing alone."""
    lock(determination.request, by=by, needs=[SEND])
    require_active(determination)
    require_no_appeal(determination)
    return keep_call(
        determination=determination,
        kind=Notice.Kind.ORAL,
        recipient=recipient,
        told=told,
        by=by,
        at=at,
    )


def keep_call(
    *,
    determination: Determination,
    kind: str,
    recipient: str,
    told: str,
    by: Reviewer,
    at: datetime,
    appeal: Appeal | None = None,
) -> Notice:
    """Keep what was said by telephone; the caller has asked whether this may be."""
    require_recipient(recipient)
    require_words(told, "what was said, and to whom")
    return keep_notice(
        determination=determination,
        appeal=appeal,
        kind=kind,
        recipient=recipient,
        channel=Notice.Channel.PHONE,
        body=told.strip() + "\n",
        by=by,
        at=at,
        name=Event.Name.TOLD_BY_PHONE,
        how="telephone",
    )
