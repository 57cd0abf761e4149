"""The criteria of a version as a checklist, with what was answered and what it comes to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from policies.models import Version
from reviewer.models import (
    Appeal,
    CriteriaReview,
    CriterionAnswer,
    Determination,
    Document,
    Draft,
    Request,
    Reviewer,
)
from reviewer.views.criteria_rows import Part, Row, Rows
from reviewer.views.criteria_words import Running, running
from reviewer.workflow.criteria import (
    answers_elsewhere,
    answers_of,
    blind_for,
    first_review,
    review_of,
    tree_of,
)
from reviewer.workflow.criteria.answers import why_not_answer
from reviewer.workflow.criteria.result import Result, evaluate
from reviewer.workflow.criteria.reviews import findings
from reviewer.workflow.criteria.taking_over import Elsewhere
from reviewer.workflow.criteria.tree import Tree
from reviewer.workflow.criteria.turning import turning


@dataclass(frozen=True, slots=True)
class Place:
    """Where answers are given: a request or its appeal, and the version."""

    request: Request
    version: Version
    appeal: Appeal | None = None

    @property
    def address(self) -> str:
        return self._address("criteria")

    @property
    def open_address(self) -> str:
        return self._address("criteria_open")

    @property
    def take_over_address(self) -> str:
        return self._address("criteria_take_over")

    def _address(self, name: str) -> str:
        kind, of = ("appeal", self.appeal.number) if self.appeal else ("request", self.request)
        return reverse(f"reviewer:{kind}_{name}", args=[str(of), self.version.pk])

    @property
    def kept_under(self) -> str:
        """How the places of all drafts begin that keep what could not be saved here."""
        return f"{self.address}#c-"

    def kept_at(self, criterion: int) -> str:
        """The place of the draft that keeps an answer which could not be saved."""
        return f"{self.kept_under}{criterion}"


@dataclass(frozen=True, slots=True)
class Pane:
    place: Place
    tree: Tree
    review: CriteriaReview | None
    result: Result
    running: Running
    parts: list[Part]
    why_not: str  # why this person does not answer; empty: they may
    blind_for: Appeal | None
    elsewhere: list[Elsewhere]
    signed: list[Determination]
    documents: list[Document]  # that an answer may point to

    @property
    def may_answer(self) -> bool:
        return not self.why_not and not self.is_locked

    @property
    def is_begun(self) -> bool:
        return any(row.answer for row in self.rows)

    @property
    def is_locked(self) -> bool:
        return self.review is not None and self.review.locked_at is not None

    @property
    def rows(self) -> Iterator[Row]:
        for part in self.parts:
            yield from part.rows

    def row(self, key: int) -> Row:
        return next(row for row in self.rows if row.key == key)


def pane_of(place: Place, person: Reviewer, *, at: datetime) -> Pane:
    """All that the pane shows: as many queries however many statements there are. Who decides an
    appeal of the request blind is shown no answers but their own."""
    tree = tree_of(place.version)
    withheld = blind_for(place.request, person)
    is_own = place.appeal is not None and place.appeal.assigned_to_id == person.pk
    blind = None if is_own else withheld
    review = None if blind else review_of(place.request, place.version, place.appeal)
    answers = {one.criterion_id: one for one in answers_of(review)}
    said = findings(answers.values())
    nodes = tree.nodes()
    result = evaluate(nodes, said)
    rows = Rows(place.address, result, answers, _kept(place, person), *_first(place, withheld))
    why_not = why_not_answer(place.request, place.appeal, by=person, at=at)
    elsewhere = [] if blind else answers_elsewhere(place.request, tree, answers, place.appeal)
    documents = [] if why_not else list(place.request.documents.in_use().with_content())
    return Pane(
        place=place,
        tree=tree,
        review=review,
        result=result,
        running=running(tree, result, turning(nodes, said)),
        parts=rows.parts(tree),
        why_not=why_not,
        blind_for=blind,
        elsewhere=elsewhere,
        signed=_signed(review),
        documents=documents,
    )


def _signed(review: CriteriaReview | None) -> list[Determination]:
    if review is None or review.locked_at is None:
        return []
    found = Determination.objects.filter(criteria_review=review)
    return list(found.select_related("line", "request", "signed_by__user"))


def _first(place: Place, withheld: Appeal | None) -> tuple[dict[UUID, CriterionAnswer], bool]:
    """The first answers to the statements of an appeal, by identity, and whether they show yet."""
    if place.appeal is None or withheld:
        return {}, False
    given = answers_of(first_review(place.appeal))
    return {one.criterion.identity: one for one in given}, bool(given)


def _kept(place: Place, person: Reviewer) -> dict[int, dict[str, str]]:
    """What this person typed here and could not be saved."""
    beginning = place.kept_under
    drafts = Draft.objects.filter(user=person.user_id, place__startswith=beginning)
    return {int(one.place.removeprefix(beginning)): dict(one.fields) for one in drafts}
