"""What a referral says to the physician: the nurse's words, and the criteria that are not met."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reviewer.models import CriteriaReview, CriterionAnswer, Finding, Referral, Request, Reviewer
from reviewer.workflow.criteria import blind_for, tree_of
from reviewer.workflow.criteria.tree import Statement

# What stands against the request: of a condition, and of an exclusion.
AGAINST: Final = (Finding.NOT_MET, Finding.UNCLEAR)
EXCLUDES: Final = (Finding.MET, Finding.UNCLEAR)
WORDS: Final = {Finding.NOT_MET: "Not met", Finding.UNCLEAR: "Unclear", Finding.MET: "Applies"}


@dataclass(frozen=True, slots=True)
class Against:
    """An answer that stands against the request, with its place, as it is now."""

    answer: CriterionAnswer
    statement: Statement
    is_of_another: bool  # than who referred

    @property
    def found(self) -> str:
        return WORDS[Finding(self.answer.finding)]


@dataclass(frozen=True, slots=True)
class Referred:
    """A referral with what was found. `is_hidden`: the reader answers an appeal blind."""

    referral: Referral
    against: list[Against]
    is_hidden: bool

    @property
    def review(self) -> CriteriaReview | None:
        return self.referral.criteria_review


def referrals_of(request: Request, reader: Reviewer) -> list[Referred]:
    """The newest first. As many queries for many referrals as for one."""
    found = request.referrals.select_related(
        "referred_by__user", "returned__returned_by__user", "criteria_review__version__bulletin"
    )
    referrals = list(found.order_by("-referred_at", "-pk"))
    if not any(one.criteria_review for one in referrals):
        return [Referred(one, [], is_hidden=False) for one in referrals]
    if blind_for(request, reader):
        return [Referred(one, [], is_hidden=one.criteria_review is not None) for one in referrals]
    answers = CriterionAnswer.objects.filter(
        review__in=[one.criteria_review_id for one in referrals if one.criteria_review_id],
        finding__in=WORDS,
    )
    listed = list(
        answers.select_related("answered_by__user").prefetch_related("evidence__document")
    )
    return [Referred(one, list(_against(one, listed)), is_hidden=False) for one in referrals]


def _against(referral: Referral, answers: list[CriterionAnswer]) -> Iterator[Against]:
    review = referral.criteria_review
    if review is None:
        return
    by_criterion = {one.criterion_id: one for one in answers if one.review_id == review.pk}
    for statement in tree_of(review.version).statements():
        answer = by_criterion.get(statement.criterion.pk)
        if answer and answer.finding in (EXCLUDES if statement.excludes else AGAINST):
            yield Against(
                answer, statement, is_of_another=answer.answered_by_id != referral.referred_by_id
            )
