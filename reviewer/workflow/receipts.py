"""A time in the record that was wrong: one person says the right one, a second confirms it.

What must always hold stands in the database (migration `corrected_times_take_two_people`); the
checks here say the same in sentences.
"""

from datetime import datetime
from typing import Final

from policies.wording import decided_already
from reviewer.clocks import EventType
from reviewer.models import ClockEvent, Event, ReceiptCorrection, Request, Reviewer
from reviewer.time import local_day
from reviewer.workflow.clocks import correct, recompute
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import lock, require_words
from reviewer.workflow.record import change, record

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
    require_words(reason, "why the time is wrong")
    require_words(evidence, "what shows the right time, as a fax header or the portal's log")
    _require_standing(event)
    if corrected_to > at:
        raise Refused("The corrected time is in the future. Give the time at which it happened.")
    if corrected_to == event.at:
        raise Refused("This is the time that stands already. Give the one it should be.")
    appeal = event.appeal if event.type == EventType.APPEAL_RECEIVED else None
    if appeal and local_day(corrected_to) < appeal.determination.signed_on:
        raise Refused("An appeal is received after the determination. Mend the time.")
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
    old = correction.event
    correct(correction, request=request, by=by)
    name, sentence = Event.Name.TIME_CORRECTED, correction.reason
    before, after = {"at": old.at.isoformat()}, {"at": correction.at.isoformat()}
    if old.type == EventType.RECEIVED and old.at == request.received_at:
        change(request, name, by=by, at=at, sentence=sentence, received_at=correction.at)
    else:
        record(request, name, by=by, at=at, sentence=sentence, before=before, after=after)
    appeal = old.appeal
    if appeal and old.type == EventType.APPEAL_RECEIVED and old.at == appeal.received_at:
        appeal.refresh_from_db()
        appeal.received_at = correction.at
        appeal.save(update_fields=["received_at"])
    recompute([request], at=at, write=True)


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
