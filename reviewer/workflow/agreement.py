"""Whether a decision agrees with the answers to the criteria that it is signed on."""

import re
from collections.abc import Iterator
from typing import Final

from reviewer.models import (
    Appeal,
    CriteriaReview,
    Finding,
    Ground,
    Outcome,
    Request,
    Reviewer,
)
from reviewer.models.determinations import UNSIGNED
from reviewer.workflow.criteria.result import Verdict
from reviewer.workflow.criteria.reviews import answers_of, result_of, review_of
from reviewer.workflow.criteria.tree import tree_of
from reviewer.workflow.decisions import Decision
from reviewer.workflow.errors import Refused
from reviewer.workflow.guards import account

SHORTEST_PLACE: Final = 3  # characters: "I.A" is a name in a text, "1" is not


def review_for(
    decision: Decision, request: Request, appeal: Appeal | None
) -> CriteriaReview | None:
    """The answers that a decision is signed on: of its version, an appeal's own."""
    if decision.version is None or decision.outcome in UNSIGNED:
        return None
    return review_of(request, decision.version, appeal)


def require_agreement(decision: Decision, review: CriteriaReview | None, by: Reviewer) -> None:
    """Raises Refused with the first thing that contradicts the answers, and where criteria that
    are not met take a physician."""
    if review is None:
        return
    for objection in contradictions(decision, review):
        raise Refused(objection)
    is_approval = decision.is_granting and not decision.is_adverse
    if is_approval and result_of(review).verdict is Verdict.NOT_MET:
        account(by, "reviewer.deny_request")


def contradictions(decision: Decision, review: CriteriaReview) -> Iterator[str]:
    """What the decision says otherwise than the answers, each with what to mend."""
    verdict = result_of(review).verdict
    if decision.is_granting and not decision.is_adverse:
        if verdict is not Verdict.MET and not decision.variance_reason.strip():
            stands = "not met" if verdict is Verdict.NOT_MET else "not decided yet"
            yield (
                f"The criteria of {review.version}, as they are answered, are {stands}. Answer"
                " them, or say why it is approved all the same."
            )
        return
    is_clinical_denial = (
        decision.outcome == Outcome.DENIED and decision.ground == Ground.MEDICAL_NECESSITY
    )
    if is_clinical_denial and verdict is Verdict.MET:
        yield (
            f"The criteria of {review.version} are met, as they are answered. Mend the answers or"
            " the decision."
        )
    yield from _favorable(decision, review)


def _favorable(decision: Decision, review: CriteriaReview) -> Iterator[str]:
    """Statements that the decision relies on against the request, though their answer is for it."""
    found = {one.criterion_id: one.finding for one in answers_of(review)}
    cited = {one.passage.anchor for one in decision.citations}
    said = f"{decision.rationale_clinical}\n{decision.rationale_plain}"
    for one in tree_of(review.version).statements():
        favorable = Finding.NOT_MET if one.excludes else Finding.MET
        if found.get(one.criterion.pk) != favorable:
            continue
        stands = "as not applying" if one.excludes else "met"
        if one.criterion.anchor in cited and not one.children:
            yield (
                f"Criterion {one.place} is cited against the request, and marked {stands}. Mend"
                " one of the two."
            )
        elif _is_named(one.place, said):
            yield (
                f"The rationale names criterion {one.place}, which is marked {stands}. Mend one of"
                " the two."
            )


def _is_named(place: str, text: str) -> bool:
    if len(place) < SHORTEST_PLACE:
        return False
    return re.search(rf"(?<![\w.]){re.escape(place)}(?![\w]|\.\w)", text) is not None
