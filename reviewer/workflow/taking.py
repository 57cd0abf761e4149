"""Taking work: the request with the least time left, and many requests handed on at once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User

from reviewer.models import Absence, Request, Reviewer
from reviewer.models.requests import RequestQuerySet
from reviewer.time import local_day
from reviewer.workflow import expertise
from reviewer.workflow.acts.missed_limits import record_missed_limits
from reviewer.workflow.covering import covered_by, pressing
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import account
from reviewer.workflow.requests import (
    ASSIGN,
    DENY,
    REVIEW,
    assign_request,
    claim_request,
    unfit_for,
)

State = Request.State
Part = Callable[[RequestQuerySet], RequestQuerySet]
Waiting = tuple[int, int | None, datetime | None]  # id, who has it, when it is due
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
    """Take what stands first in the person's queue: for a physician what was referred and their
    license fits, then the least time left. What they cover for someone who is out, and is due
    before that one is back, stands among it. Two who ask at once get two requests."""
    user = account(by, REVIEW)
    seen = Request.objects.visible_to(user).open()
    covered = pressing(seen, covered_by(by, local_day(at)))
    for wanted in _parts(user, by, at):
        queued = [*_first(wanted(seen.unassigned())), *_first(wanted(covered))]
        for pk, holder, _ in sorted(queued, key=_by_time_left)[:TRIED]:
            free = Request.objects.filter(assigned_to=holder).select_for_update(skip_locked=True)
            request = free.filter(pk=pk).first()
            if request is not None and _is_claimed(request, by, at):
                return request
    why = "Nobody waits: every request that you may take has been taken."
    raise Refused(f"{why}{_not_offered(seen, user, by, at)}")


def _not_offered(seen: RequestQuerySet, user: User, by: Reviewer, at: datetime) -> str:
    """For which expertise referred requests wait that the person's license does not name."""
    if not user.has_perm(DENY):
        return ""
    waiting = seen.unassigned().filter(state=State.REFERRED)
    named = expertise.awaited(waiting, expertise.of_others(by, local_day(at)))
    if not named:
        return ""
    return f" Referred ones wait for {' and '.join(named)}, which your license does not name."


def _parts(user: User, by: Reviewer, at: datetime) -> list[Part]:
    """What a person may take, the part that comes first before the other."""
    parts: list[Part] = [lambda found: found.exclude(state=State.REFERRED)]
    if user.has_perm(DENY):
        others = expertise.of_others(by, local_day(at))
        parts.insert(0, lambda found: expertise.open_to(found.filter(state=State.REFERRED), others))
    return parts


def _first(found: RequestQuerySet) -> list[Waiting]:
    rows = found.by_time_left().values_list("pk", "assigned_to", "decision_due_at")
    return list(rows[:TRIED])


def _by_time_left(one: Waiting) -> tuple[bool, float, int]:
    pk, _, due = one
    return (due is None, due.timestamp() if due else 0.0, pk)


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
            if why := unfit_for(request, to, at):
                raise Refused(f"{why} Assign it by itself if they have the expertise all the same.")
        except Refused as refusal:
            refused[request.number] = refusal.sentence
    if refused:
        raise NotAll(refused)
    return len(requests)


@verb
def hand_over(*, absence: Absence, by: Reviewer, at: datetime) -> int:
    """All open requests of someone who is out go to who covers: every one, or none. Raises NotAll
    with the reasons; returns how many there were."""
    user = account(by, ASSIGN)
    kept = Absence.objects.with_people().select_for_update(of=("self",)).get(pk=absence.pk)
    if kept.is_over(local_day(at)):
        raise Refused("This absence is over or was canceled. Nothing is to be handed over.")
    if kept.cover is None:
        raise Refused("Nobody covers. Choose someone first.")
    held = list(Request.objects.visible_to(user).open().filter(assigned_to=kept.reviewer))
    if not held:
        raise Refused(f"{kept.reviewer} holds no open request.")
    return assign_requests(requests=held, to=kept.cover, by=by, at=at)
