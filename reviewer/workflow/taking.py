"""Taking work: the request with the least time left, and many requests handed on at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from reviewer.models import Request, Reviewer
from reviewer.workflow.acts.missed_limits import record_missed_limits
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import account
from reviewer.workflow.requests import ASSIGN, DENY, REVIEW, assign_request, claim_request

State = Request.State
TRIED: Final = 20  # others take some meanwhile, and some wait for a physician


class NotAll(Refused):
    """Nothing was done: `refused` says by number of a request why it cannot be handed on."""

    def __init__(self, refused: dict[str, str]) -> None:
        self.refused = refused
        count = len(refused)
        which = "One request was" if count == 1 else f"{count} requests were"
        super().__init__(
            f"{which} refused, so none was assigned. Take {'it' if count == 1 else 'them'} out of"
            " the selection, or choose someone else."
        )


@verb
def take_next(*, by: Reviewer, at: datetime) -> Request:
    """Take what stands first in the person's queue: for a physician what was referred, then the
    least time left. Two who ask at once get two requests."""
    user = account(by, REVIEW)
    seen = Request.objects.visible_to(user).open().unassigned()
    parts = [seen.exclude(state=State.REFERRED)]
    if user.has_perm(DENY):
        parts.insert(0, seen.filter(state=State.REFERRED))
    for part in parts:
        for pk in part.by_time_left().values_list("pk", flat=True)[:TRIED]:
            free = Request.objects.unassigned().select_for_update(skip_locked=True)
            request = free.filter(pk=pk).first()
            if request is not None and _is_claimed(request, by, at):
                return request
    raise Refused("Nobody waits: every request that you may take has been taken.")


def _is_claimed(request: Request, by: Reviewer, at: datetime) -> bool:
    try:
        record_missed_limits(at=at, of=request.number)
        claim_request(request=request, by=by, at=at)
    except Refused:
        return False
    return True


@verb
def assign_requests(
    *, requests: Sequence[Request], to: Reviewer, by: Reviewer, at: datetime
) -> int:
    """Hand requests to someone in one act: all of them, or none. Raises NotAll with the reasons.

    Returns how many there were.
    """
    account(by, ASSIGN)
    if not requests:
        raise Refused("No request is selected. Mark the ones to hand on.")
    refused = {}
    for request in sorted(requests, key=lambda one: one.pk):  # in one order: no two wait in a ring
        try:
            record_missed_limits(at=at, of=request.number)
            assign_request(request=request, to=to, by=by, at=at)
        except Refused as refusal:
            refused[request.number] = refusal.sentence
    if refused:
        raise NotAll(refused)
    return len(requests)
