"""A time in the record that was wrong: one person says the right one, a second confirms it.

What must always hold stands in the database (migration `corrected_times_take_two_people`); the
checks here say the same in sentences.
"""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from policies.wording import decided_already
from reviewer.clocks.moments import in_words
from reviewer.models import Appeal, ClockEvent, Event, ReceiptCorrection, Request, Reviewer
from reviewer.workflow.clocks import correct, recompute
from reviewer.workflow.clocks.noting import clocks_of
from reviewer.workflow.clocks.scopes import zone_of
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import NOT_SEEN, lock, require_words
from reviewer.workflow.receipt_checks import fact_of, require_from_outside, require_possible
from reviewer.workflow.receipt_moves import is_receipt, keep_receipt_of, moves_between, stands
from reviewer.workflow.record import record
from reviewer.workflow.rule_book import book

PROPOSE: Final = "reviewer.add_receiptcorrection"
APPROVE: Final = "reviewer.approve_receiptcorrection"


@verb
def propose_correction(
    *,
    event: ClockEvent,
    corrected_to: datetime,
    reason: str,
    evidence: str,
    by: Reviewer,
    at: datetime,
) -> ReceiptCorrection:
    """Say at what time it happened and what shows it; a second person must agree."""
    lock(event.request, by=by, needs=[PROPOSE])
    if event.appeal and not Appeal.objects.visible_to(by.user).filter(pk=event.appeal.pk).exists():
        raise Refused(NOT_SEEN)
    require_words(reason, "why the time is wrong")
    require_words(evidence, "what shows the right time, as a fax header or the portal's log")
    require_time(event, corrected_to, at=at)
    if event.corrections_asked.filter(decided_at=None).exists():
        raise Refused("A correction of this time waits already: have it approved or declined.")
    return ReceiptCorrection.objects.create(
        event=event,
        at=corrected_to,
        reason=reason.strip(),
        evidence=evidence.strip(),
        proposed_by=by,
        proposed_at=at,
    )


def require_time(event: ClockEvent, corrected_to: datetime, *, at: datetime) -> None:
    """Refuse a time at which the fact cannot have happened, and a fact that is not corrected."""
    require_from_outside(event)
    _require_standing(event)
    if corrected_to > at:
        raise Refused("The corrected time is in the future. Give the time at which it happened.")
    if corrected_to == event.at:
        raise Refused("This is the time that stands already. Give the one it should be.")
    require_possible(event, corrected_to)


@verb
def approve_correction(
    *, correction: ReceiptCorrection, by: Reviewer, at: datetime
) -> ReceiptCorrection:
    """Let the other time stand: a new fact in place of the old one moves every clock by it."""
    request = correction.event.request
    lock(request, by=by, needs=[APPROVE])
    locked = _undecided(correction)
    if locked.proposed_by_id == by.pk:
        raise Refused("You proposed this correction: ask a second person to approve it.")
    _require_standing(locked.event)
    locked.event.request = request
    require_possible(locked.event, locked.at)
    _decide(locked, is_approved=True, by=by, at=at)
    _carry_out(locked, request, by=by, at=at)
    return locked


@verb
def decline_correction(
    *, correction: ReceiptCorrection, by: Reviewer, at: datetime
) -> ReceiptCorrection:
    """Leave the time as it is; who proposed a correction takes it back in this way."""
    is_own = correction.proposed_by_id == by.pk
    lock(correction.event.request, by=by, needs=[PROPOSE, APPROVE] if is_own else [APPROVE])
    locked = _undecided(correction)
    _decide(locked, is_approved=False, by=by, at=at)
    return locked


def _carry_out(
    correction: ReceiptCorrection, request: Request, *, by: Reviewer, at: datetime
) -> None:
    """Move the fact, what the case keeps of it and every clock, and tell what moved."""
    old = correction.event
    was = stands(clocks_of(request), at=at)
    correct(correction, request=request, by=by)
    name = _keep_receipt(old, correction.at)
    recompute([request], at=at, write=True)
    moved = moves_between(was, stands(clocks_of(request), at=at))
    after: dict[str, Any] = {
        name: correction.at.isoformat(),
        "correction": correction.pk,
        "moved": [one.as_json() for one in moved if one.is_moved],
    }
    if old.appeal:
        after["appeal"] = old.appeal.number
    record(
        request,
        Event.Name.TIME_CORRECTED,
        by=by,
        at=at,
        sentence=_told(correction),
        before={name: old.at.isoformat()},
        after=after,
    )


def _keep_receipt(old: ClockEvent, at: datetime) -> str:
    """Let the case have the receipt as its own, where it had the old one; the name of what it is.

    The request is the one that is locked; of the appeal only this column is written.
    """
    if not is_receipt(old):
        return "at"
    if old.appeal:
        Appeal.objects.filter(pk=old.appeal.pk).update(received_at=at)
    else:
        keep_receipt_of(old.request, old, at)
        old.request.revision += 1
        old.request.save(update_fields=["received_at", "rating_period_start", "revision"])
    return "received_at"


def _told(correction: ReceiptCorrection) -> str:
    old = correction.event
    zone = ZoneInfo(zone_of(old.appeal or old.request, book()))
    was, then = in_words(old.at, zone), in_words(correction.at, zone)
    appeal = f"Appeal {old.appeal}: " if old.appeal else ""
    return f"{appeal}{fact_of(old)}, from {was} to {then}. {correction.reason}"


def _require_standing(event: ClockEvent) -> None:
    if ClockEvent.objects.filter(corrects=event).exists():
        raise Refused("This time was corrected already. Correct the one that stands now.")


def _undecided(correction: ReceiptCorrection) -> ReceiptCorrection:
    """The correction as it stands now, locked, or a sentence when it was decided already."""
    rows = ReceiptCorrection.objects.select_for_update(of=("self",)).select_related("event__appeal")
    locked = rows.get(pk=correction.pk)
    if locked.decided_at is not None:
        who, at = locked.decided_by, locked.decided_at
        raise Refused(decided_already("correction", is_approved=locked.is_approved, by=who, at=at))
    return locked


def _decide(
    correction: ReceiptCorrection, *, is_approved: bool, by: Reviewer, at: datetime
) -> None:
    correction.is_approved, correction.decided_by, correction.decided_at = is_approved, by, at
    correction.save(update_fields=["is_approved", "decided_by", "decided_at"])
