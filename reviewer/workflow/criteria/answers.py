"""Answering the criteria of a version: each with its finding, its comment and its evidence.

Answers stay as they were typed until a signature locks them. Who had an older answer before them
gets both sets of words back and loses none.
"""

from datetime import datetime
from typing import Final

from policies.models import Criterion, Version
from reviewer.models import (
    Appeal,
    CriteriaReview,
    CriterionAnswer,
    Document,
    Evidence,
    Finding,
    Request,
    Reviewer,
)
from reviewer.time import local_day
from reviewer.workflow.criteria.reviews import review_of
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import account, lock, require_assigned, require_in_use, require_state
from reviewer.workflow.independence import DECIDE, why_not
from reviewer.workflow.requests import REVIEW, UNDER_REVIEW

LONGEST_NOTE: Final = 200  # characters


class LostRace(Refused):
    """Someone else has answered meanwhile: `stands` is what holds now."""

    def __init__(self, stands: CriterionAnswer) -> None:
        who = stands.answered_by
        super().__init__(
            f"{who} changed this answer after you opened it. Both stand below, and nothing is lost:"
            " keep theirs, or save yours over it."
        )
        self.stands = stands


@verb
def open_review(
    *,
    request: Request,
    version: Version,
    by: Reviewer,
    at: datetime,
    appeal: Appeal | None = None,
) -> CriteriaReview:
    """The open review of a version; without one a new one begins, from the newest that is locked.

    An appeal begins from nothing: who decides it answers blind.
    """
    require_may_answer(request, appeal, by=by, at=at)
    earlier = review_of(request, version, appeal)
    if earlier and earlier.locked_at is None:
        return earlier
    review = CriteriaReview.objects.create(
        request=request,
        version=version,
        appeal=appeal,
        began_from=earlier,
        began_by=by,
        began_at=at,
    )
    for answer in earlier.answers.all() if earlier else ():
        copy_answer(answer, to=review, criterion=answer.criterion)
    return review


@verb
def answer_criterion(
    *,
    review: CriteriaReview,
    criterion: Criterion,
    finding: str,
    comment: str,
    revision: int,
    by: Reviewer,
    at: datetime,
) -> CriterionAnswer:
    """Save what was found. `revision` is that of the answer that the person saw, 0 for none.

    Saving what stands already changes nothing. Raises LostRace where another answer has come
    between.
    """
    lock_review_for(review, by=by, at=at)
    if finding and finding not in Finding.values:
        raise Refused("Choose met, not met, unclear or not applicable.")
    answer = CriterionAnswer.objects.filter(review=review, criterion=criterion).first()
    answer = answer or CriterionAnswer(review=review, criterion=criterion, revision=0)
    if (answer.finding, answer.comment) == (finding, comment):
        return answer
    if answer.revision != revision:
        raise LostRace(answer)
    answer.finding, answer.comment = finding, comment
    answer.answered_by, answer.answered_at = by, at
    answer.revision += 1
    answer.save()
    return answer


@verb
def point_to_evidence(
    *,
    review: CriteriaReview,
    criterion: Criterion,
    document: Document,
    page: int,
    note: str,
    by: Reviewer,
    at: datetime,
) -> Evidence:
    """Point an answer to a page of a document; the same page again changes its note."""
    lock_review_for(review, by=by, at=at)
    require_in_use(document, review.request)
    if not 1 <= page <= document.content.page_count:
        last = document.content.page_count
        raise Refused(f"{document} has pages 1 to {last}. Choose one of them.")
    if len(note) > LONGEST_NOTE:
        raise Refused(f"Keep the note under {LONGEST_NOTE} characters; the comment has room.")
    answer, _ = CriterionAnswer.objects.get_or_create(
        review=review, criterion=criterion, defaults={"answered_by": by, "answered_at": at}
    )
    evidence, is_new = Evidence.objects.get_or_create(
        answer=answer, document=document, page=page, defaults={"note": note}
    )
    if not is_new and note and note != evidence.note:
        evidence.note = note
        evidence.save(update_fields=["note"])
    return evidence


@verb
def remove_evidence(*, evidence: Evidence, by: Reviewer, at: datetime) -> None:
    """Take back that an answer points to a page."""
    lock_review_for(evidence.answer.review, by=by, at=at)
    evidence.delete()


def lock_review(review: CriteriaReview, at: datetime) -> CriteriaReview:
    """Keep a review as it is from now on; for the verb that signs on it, in its transaction."""
    if review.locked_at is None:
        review.locked_at = at
        review.save(update_fields=["locked_at"])
    return review


def lock_reviews_of(appeal: Appeal, at: datetime) -> None:
    """The same for all that was answered for an appeal."""
    for review in CriteriaReview.objects.open().filter(appeal=appeal):
        lock_review(review, at)


def copy_answer(
    answer: CriterionAnswer,
    *,
    to: CriteriaReview,
    criterion: Criterion,
    by: Reviewer | None = None,
    at: datetime | None = None,
) -> CriterionAnswer:
    """The same answer in another review, with evidence that is still in use; as it was given,
    unless someone gives it now."""
    copied = CriterionAnswer.objects.create(
        review=to,
        criterion=criterion,
        finding=answer.finding,
        comment=answer.comment,
        answered_by=by or answer.answered_by,
        answered_at=at or answer.answered_at,
    )
    kept = answer.evidence.filter(document__set_aside__isnull=True)
    Evidence.objects.bulk_create(
        Evidence(answer=copied, document_id=one.document_id, page=one.page, note=one.note)
        for one in kept
    )
    return copied


def lock_review_for(review: CriteriaReview, *, by: Reviewer, at: datetime) -> None:
    """Let one person at a time change a review, which is open and theirs to answer."""
    require_may_answer(review.request, review.appeal, by=by, at=at)
    review.refresh_from_db(fields=["locked_at"])
    if review.locked_at is not None:
        raise Refused(
            "These answers were signed on and stay as they are. Begin again from them to go on."
        )


def require_may_answer(
    request: Request, appeal: Appeal | None, *, by: Reviewer, at: datetime
) -> None:
    """Refuse whoever does not have the request, or its appeal, in hand; lock the request."""
    lock(request, by=by, needs=[DECIDE if appeal else REVIEW])
    if appeal is not None:
        appeal.refresh_from_db(fields=["state", "assigned_to"])
    if objection := why_not_answer(request, appeal, by=by, at=at):
        raise Refused(objection)


def why_not_answer(request: Request, appeal: Appeal | None, *, by: Reviewer, at: datetime) -> str:
    """Why a person may not answer criteria here; empty when they may."""
    try:
        account(by, DECIDE if appeal else REVIEW)
        if appeal is None:
            require_state(request, UNDER_REVIEW, "criteria are answered")
            require_assigned(request, by)
    except Refused as refusal:
        return refusal.sentence
    return _why_not_appeal(appeal, by=by, at=at) if appeal else ""


def _why_not_appeal(appeal: Appeal, *, by: Reviewer, at: datetime) -> str:
    if appeal.state not in Appeal.OPEN:
        return f"Appeal {appeal} is {appeal.get_state_display().lower()} already."
    if appeal.assigned_to_id != by.pk:
        return f"Appeal {appeal} is not assigned to you. Have it assigned to you first."
    objection = why_not(appeal, by, on=local_day(at))
    return f"{objection} Have the appeal assigned to someone else." if objection else ""
