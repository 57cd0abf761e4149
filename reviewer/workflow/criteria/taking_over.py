"""Answers to another version of a bulletin: they stay where they are, and may be taken over.

A statement goes on under its identity; where its words changed a person compares them first.
Nothing is taken over but by a person's own act.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from policies.models import Criterion
from reviewer.models import Appeal, CriteriaReview, CriterionAnswer, Request, Reviewer
from reviewer.workflow.criteria.answers import copy_answer, lock_review_for
from reviewer.workflow.criteria.reviews import answers_of
from reviewer.workflow.criteria.tree import Statement, Tree
from reviewer.workflow.errors import Refused, verb


@dataclass(frozen=True, slots=True)
class Offer:
    """An answer to another version, and the statement of this one that goes on from it."""

    answer: CriterionAnswer
    statement: Statement

    @property
    def is_reworded(self) -> bool:
        return self.answer.criterion.text != self.statement.criterion.text


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What was answered by another version: what can be taken over here, and what cannot."""

    review: CriteriaReview
    offers: list[Offer]
    answered_here: int
    gone: list[CriterionAnswer]  # no statement here goes on from it

    @property
    def count(self) -> int:
        return len(self.offers) + self.answered_here + len(self.gone)


def answers_elsewhere(
    request: Request, tree: Tree, answered: Iterable[int], appeal: Appeal | None = None
) -> list[Elsewhere]:
    """What was answered for the request by other versions of the bulletin. `answered`: the keys of
    the statements that have an answer here."""
    here = {one.criterion.identity: one for one in tree.statements()}
    keys = set(answered)
    newest: dict[int, CriteriaReview] = {}
    found = CriteriaReview.objects.filter(
        request=request, appeal=appeal, version__bulletin=tree.version.bulletin_id
    ).exclude(version=tree.version)
    for review in found.select_related("version__bulletin").order_by("began_at", "id"):
        newest[review.version_id] = review
    return [one for review in newest.values() if (one := _elsewhere(review, here, keys)).count]


def _elsewhere(
    review: CriteriaReview, here: Mapping[UUID, Statement], answered: set[int]
) -> Elsewhere:
    offers, gone, answered_here = [], [], 0
    for answer in answers_of(review):
        statement = here.get(answer.criterion.identity)
        if statement is None:
            gone.append(answer)
        elif statement.criterion.pk in answered:
            answered_here += 1
        else:
            offers.append(Offer(answer, statement))
    return Elsewhere(review, offers, answered_here, gone)


@verb
def take_over_answers(
    *,
    review: CriteriaReview,
    answers: Iterable[CriterionAnswer],
    by: Reviewer,
    at: datetime,
) -> int:
    """Answer as was answered to another version, with comment and evidence, in one's own name.

    What has an answer here already keeps it. How many were taken over.
    """
    lock_review_for(review, by=by, at=at)
    here = {one.identity: one for one in Criterion.objects.filter(version=review.version)}
    answered = set(review.answers.values_list("criterion", flat=True))
    taken = 0
    for answer in answers:
        of = answer.review
        if (of.request_id, of.appeal_id) != (review.request_id, review.appeal_id):
            raise Refused("These answers are of another case. Reload the page.")
        criterion = here.get(answer.criterion.identity)
        if criterion and criterion.pk not in answered:
            copy_answer(answer, to=review, criterion=criterion, by=by, at=at)
            answered.add(criterion.pk)
            taken += 1
    if not taken:
        raise Refused("Choose one answer or more that can be taken over.")
    return taken
