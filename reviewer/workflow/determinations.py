"""Signing what is decided for a line, and correcting it. One line at a time."""

from datetime import datetime
from typing import Final

from django.conf import settings

from reviewer.clocks import EventType
from reviewer.models import (
    ActiveDetermination,
    AppealDecision,
    Citation,
    Clock,
    Credential,
    Determination,
    Event,
    Outcome,
    Request,
    Reviewer,
    ServiceLine,
)
from reviewer.models.determinations import CLINICAL, UNSIGNED
from reviewer.time import local_day
from reviewer.workflow.agreement import require_agreement, review_for
from reviewer.workflow.awaited import end_awaited
from reviewer.workflow.capsules import capsule_of, sha256
from reviewer.workflow.clocks import end_clocks, note
from reviewer.workflow.criteria.answers import lock_review
from reviewer.workflow.decisions import CitationDraft, Decision, require_sound
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import lock, require_assigned, require_state, require_words
from reviewer.workflow.numbers import authorization_number
from reviewer.workflow.record import change
from reviewer.workflow.requests import UNDER_REVIEW

__all__ = ["CitationDraft", "Decision", "correct_determination", "sign_determination"]

State = Request.State
CORRECTABLE = (*UNDER_REVIEW, State.DETERMINED, State.NOTIFIED)
# What a determination may say that carries out an appeal's decision.
FOLLOWS: Final = {
    AppealDecision.Outcome.OVERTURNED: (Outcome.APPROVED,),
    AppealDecision.Outcome.PARTLY_OVERTURNED: (Outcome.PARTIALLY_APPROVED, Outcome.MODIFIED),
}


@verb
def sign_determination(
    *, line: ServiceLine, decision: Decision, by: Reviewer, at: datetime
) -> Determination:
    """Decide a line for the first time. The last line decided makes the request determined."""
    request = line.request
    lock(request, by=by, needs=[decision.permission])
    require_state(request, UNDER_REVIEW, "a determination is signed")
    require_assigned(request, by)
    if ActiveDetermination.objects.filter(line=line).exists():
        raise Refused(f"{line} is decided already. Correct that determination if it is wrong.")
    return write(line=line, decision=decision, by=by, at=at)


@verb
def correct_determination(
    *, determination: Determination, decision: Decision, reason: str, by: Reviewer, at: datetime
) -> Determination:
    """Put another determination in the place of one that was wrong; both are kept."""
    request = determination.request
    lock(request, by=by, needs=[decision.permission])
    require_state(request, CORRECTABLE, "a determination is corrected")
    require_assigned(request, by)
    require_words(reason, "what was wrong with the determination")
    require_active(determination)
    determination.line.request = request
    for appeal in determination.appeals.open():
        raise Refused(f"The determination is under appeal. Decide appeal {appeal} instead.")
    after_appeal = determination.appeal_decision
    if after_appeal and after_appeal.decided_by_id != by.pk:
        decider = after_appeal.decided_by
        raise Refused(f"It carries out an appeal's decision. Only {decider} may correct it.")
    if after_appeal:
        require_follows(after_appeal.outcome, decision)
    return write(
        line=determination.line,
        decision=decision,
        by=by,
        at=at,
        replaces=determination,
        replacement_reason=reason,
        appeal_decision=after_appeal,
    )


def require_follows(outcome: str, decision: Decision) -> None:
    """Refuse a determination that says other than the appeal's decision it carries out."""
    follows = FOLLOWS[AppealDecision.Outcome(outcome)]
    if decision.outcome not in follows:
        named = " or ".join(one.label.lower() for one in follows)
        raise Refused(f"After this outcome the line is {named}. Mend one of the two.")


def require_active(determination: Determination) -> None:
    if not ActiveDetermination.objects.filter(determination=determination).exists():
        raise Refused("This determination was replaced. Open the one that holds now.")


def write(
    *,
    line: ServiceLine,
    decision: Decision,
    by: Reviewer,
    at: datetime,
    replaces: Determination | None = None,
    replacement_reason: str = "",
    appeal_decision: AppealDecision | None = None,
) -> Determination:
    """Insert the determination with its citations, set the pointer and write the event.

    The caller has locked the request and asked whether this person may.
    """
    require_sound(decision, line)
    appeal = appeal_decision.appeal if appeal_decision else None
    review = review_for(decision, line.request, appeal)
    require_agreement(decision, review, by)
    determination = Determination(
        request=line.request,
        line=line,
        replaces=replaces,
        replacement_reason=replacement_reason,
        appeal_decision=appeal_decision,
        outcome=decision.outcome,
        ground=decision.ground,
        reason=decision.reason,
        reason_text=decision.reason_text,
        rationale_clinical=decision.rationale_clinical,
        rationale_plain=decision.rationale_plain,
        units_granted=decision.units_granted,
        starts_on=decision.starts_on,
        ends_on=decision.ends_on,
        authorization_number=authorization_number(at) if decision.is_granting else "",
        version=decision.version,
        version_hash=decision.version.content_hash if decision.version else "",
        version_reason=decision.version_reason,
        no_bulletin_reason=no_bulletin_reason(decision),
        criteria_review=review and lock_review(review, at),
        variance_reason=decision.variance_reason,
        signed_by=by,
        signed_at=at,
        signed_on=local_day(at),
        signed_zone=settings.TIME_ZONE,
    )
    add_credential(determination, decision)
    determination.capsule = capsule_of(determination, decision.citations)
    determination.capsule_hash = sha256(determination.capsule)
    determination.save()
    add_citations(determination, decision.citations)
    point_to(determination)
    move_clocks(determination, milestone := tell(determination))
    if determination.request.state == State.DETERMINED:
        end_awaited(determination.request, milestone, by=by)
    return determination


def no_bulletin_reason(decision: Decision) -> str:
    if decision.version is None and decision.outcome in UNSIGNED:
        return decision.no_bulletin_reason or "Nothing was decided by a policy."
    return decision.no_bulletin_reason


def add_credential(determination: Determination, decision: Decision) -> None:
    """Sign under the license that is valid that day; on clinical grounds, a physician's."""
    if decision.outcome in UNSIGNED:
        return
    credential = determination.signed_by.credential(determination.signed_on)
    needs_physician = decision.is_adverse and decision.ground in CLINICAL
    credential = require_license(
        credential, determination.signed_by, needs_physician=needs_physician
    )
    determination.credential = credential
    determination.credential_kind = credential.kind
    determination.credential_from = credential.valid_from
    determination.credential_to = credential.valid_to


def require_license(
    credential: Credential | None,
    by: Reviewer,
    *,
    needs_physician: bool,
) -> Credential:
    if credential is None:
        raise Refused(
            f"{by} has no license that is valid today, so nothing can be signed. Have it entered,"
            " or hand the request on."
        )
    if needs_physician and credential.kind != Credential.Kind.PHYSICIAN:
        raise Refused(
            "On this ground only a physician may decide against the request. Refer it to one."
        )
    return credential


def add_citations(determination: Determination, drafts: tuple[CitationDraft, ...]) -> None:
    for draft in drafts:
        Citation.objects.create(
            determination=determination,
            passage=draft.passage,
            anchor=draft.passage.anchor,
            heading=draft.passage.section.heading,
            quote=draft.quote,
        )


def point_to(determination: Determination) -> None:
    """Begin the line's pointer, or move it off the determination that is replaced."""
    pointers = ActiveDetermination.objects
    if determination.replaces is None:
        pointers.create(line=determination.line, determination=determination)
        return
    moved = pointers.filter(line=determination.line, determination=determination.replaces)
    if not moved.update(determination=determination):
        raise Refused("The determination was replaced meanwhile. Open the one that holds now.")


def tell(determination: Determination) -> Event:
    """Write the event; a request of which every line is decided is determined."""
    request, line = determination.request, determination.line
    is_whole = not request.lines.filter(active__isnull=True).exists()
    version = f" by {determination.version}" if determination.version else ""
    outcome = determination.get_outcome_display().lower()
    signer = determination.signed_by
    after = {"determination": determination.pk, "outcome": determination.outcome}
    if determination.replaces_id:
        after["replaces"] = determination.replaces_id
    return change(
        request,
        Event.Name.DETERMINED,
        by=signer,
        at=determination.signed_at,
        sentence=f"{line}, {outcome}{version}. Signed by {signer}.",
        after=after,
        state=State.DETERMINED if is_whole else State(request.state),
    )


def move_clocks(determination: Determination, milestone: Event) -> None:
    """With the last line the decision is made; who must be told is told in time from now on."""
    request, followed = determination.request, determination.appeal_decision
    note(
        request=request,
        type=EventType.DETERMINATION_MADE,
        at=determination.signed_at,
        by=determination.signed_by,
        appeal=followed.appeal if followed else None,
        determination=determination,
        milestone=milestone,
    )
    if determination.replaces:
        end_clocks(
            request=request,
            why=Clock.End.REPLACED,
            milestone=milestone,
            determination=determination.replaces,
        )
