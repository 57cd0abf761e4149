"""What people find of criteria, with their words and the pages they point to."""

from dataclasses import dataclass
from datetime import datetime

from policies.models import Criterion
from reviewer.demonstration.steps import Scene
from reviewer.models import CriteriaReview, Finding, Reviewer
from reviewer.workflow.criteria import answer_criterion, open_review, point_to_evidence, tree_of

MET, NOT_MET = Finding.MET, Finding.NOT_MET
UNCLEAR, NOT_APPLICABLE = Finding.UNCLEAR, Finding.NOT_APPLICABLE


@dataclass(frozen=True)
class Found:
    """An answer; `page` of the document with that title is its evidence."""

    finding: Finding
    comment: str = ""
    document: str = ""
    page: int = 1
    note: str = ""


@dataclass(frozen=True)
class AnswerCriteria:
    """Answers to the version of a bulletin that governs a line, by their places: "I.A.2"."""

    by: str
    after: float
    bulletin: str
    found: dict[str, Found | Finding]
    line: int = 1

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        version, _ = scene.governing(self.bulletin, scene.lines[self.line], at)
        assert version is not None
        review = open_review(request=scene.request, version=version, by=by, at=at)
        criteria = {one.place: one.criterion for one in tree_of(version).statements()}
        for place, found in self.found.items():
            said = found if isinstance(found, Found) else Found(found)
            _answer(review, criteria[place], said, by, at)


def _answer(
    review: CriteriaReview, criterion: Criterion, said: Found, by: Reviewer, at: datetime
) -> None:
    answer_criterion(
        review=review,
        criterion=criterion,
        finding=said.finding,
        comment=said.comment,
        revision=0,
        by=by,
        at=at,
    )
    if said.document:
        point_to_evidence(
            review=review,
            criterion=criterion,
            document=review.request.documents.get(title=said.document),
            page=said.page,
            note=said.note,
            by=by,
            at=at,
        )
