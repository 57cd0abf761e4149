"""The criteria of a version as a checklist, with what was answered and what it comes to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse

from policies.models import Rule, Section, Version
from reviewer.models import (
    Appeal,
    CriteriaReview,
    CriterionAnswer,
    Determination,
    Document,
    Draft,
    Finding,
    Request,
    Reviewer,
)
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
from reviewer.workflow.criteria.result import Result, Value, evaluate
from reviewer.workflow.criteria.reviews import findings
from reviewer.workflow.criteria.taking_over import Elsewhere
from reviewer.workflow.criteria.tree import Statement, Tree
from reviewer.workflow.criteria.turning import turning

LOGIC: Final = {
    Rule.ALL: "all of these",
    Rule.ANY: "any of these",
    Rule.NONE: "none of these",
    Rule.LIST: "these, each looked at",
}
CONDITION: Final = [
    (Finding.MET, "Met", "met"),
    (Finding.NOT_MET, "Not met", "not"),
    (Finding.UNCLEAR, "Unclear", "unclear"),
    (Finding.NOT_APPLICABLE, "Not applicable", "na"),
]
EXCLUSION: Final = [
    (Finding.MET, "Applies", "applies"),
    (Finding.NOT_MET, "Does not apply", "spares"),
    (Finding.UNCLEAR, "Unclear", "unclear"),
]
COMES_TO: Final = {
    Value.MET: ("met", "Met"),
    Value.NOT_MET: ("not", "Not met"),
    Value.UNCLEAR: ("unclear", "Unclear"),
    Value.UNANSWERED: ("", "Open"),
    Value.NOT_APPLICABLE: ("na", "Not applicable"),
}
EXCLUDES: Final = {
    Value.MET: ("applies", "Applies"),
    Value.NOT_MET: ("spares", "Does not apply"),
}


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
class Row:
    """A statement of the checklist."""

    statement: Statement
    depth: int
    value: Value
    answer: CriterionAnswer | None
    is_aside: bool  # stands under one that was set aside
    is_asked: bool  # nobody has answered it yet
    kept: dict[str, str] | None  # what this person typed and could not be saved
    first: CriterionAnswer | None  # of the first review, for an appeal
    first_shown: bool
    address: str

    @property
    def key(self) -> int:
        return self.statement.criterion.pk

    @property
    def has_children(self) -> bool:
        return bool(self.statement.children)

    @property
    def finding(self) -> str:
        return self.answer.finding if self.answer else ""

    @property
    def comment(self) -> str:
        return self.answer.comment if self.answer else ""

    @property
    def typed(self) -> str:
        return self.kept["comment"] if self.kept else self.comment

    @property
    def revision(self) -> int:
        return self.answer.revision if self.answer else 0

    @property
    def choices(self) -> list[tuple[str, str, str]]:
        return list(EXCLUSION if self.statement.excludes else CONDITION)

    @property
    def finding_words(self) -> str:
        return self.words_of(self.finding)

    @property
    def first_words(self) -> str:
        return self.words_of(self.first.finding) if self.first else "Not answered"

    @property
    def kept_words(self) -> str:
        return self.words_of(self.kept["finding"]) if self.kept else ""

    def words_of(self, finding: str) -> str:
        return next((words for value, words, _ in self.choices if value == finding), "No answer")

    @property
    def comes_to(self) -> tuple[str, str]:
        """Class and words of what a statement with others under it comes to."""
        if self.statement.excludes and self.value in EXCLUDES:
            return EXCLUDES[self.value]
        return COMES_TO[self.value]

    @property
    def logic(self) -> str:
        criterion = self.statement.criterion
        if not self.has_children:
            return ""
        if criterion.rule == Rule.AT_LEAST:
            return f"at least {criterion.at_least} of these"
        is_listing = criterion.rule == Rule.LIST or self.statement.rule != criterion.rule
        if is_listing and self.statement.excludes:
            return "each by itself"
        return LOGIC[Rule(criterion.rule)]

    @property
    def passage_address(self) -> str:
        criterion = self.statement.criterion
        return f"{criterion.version.get_absolute_url()}#{criterion.anchor}"


@dataclass(frozen=True, slots=True)
class Part:
    """The statements of a section."""

    section: Section | None
    rows: list[Row]

    @property
    def excludes(self) -> bool:
        return all(row.statement.excludes for row in self.rows)

    @property
    def has_logic(self) -> bool:
        return any(row.has_children for row in self.rows)

    @property
    def is_confirmed(self) -> bool:
        return all(row.statement.is_confirmed for row in self.rows)

    @property
    def heading(self) -> str:
        if self.section is None:
            return ""
        words = self.section.heading.rstrip(" :")
        return f"{self.section.label}. {words}" if self.section.label else words


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
    rows = _Rows(place, result, answers, _kept(place, person), *_first(place, withheld))
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


class _Rows:
    """Sets the statements of a tree."""

    def __init__(
        self,
        place: Place,
        result: Result,
        answers: Mapping[int, CriterionAnswer],
        kept: Mapping[int, dict[str, str]],
        first: Mapping[UUID, CriterionAnswer],
        first_shown: bool,
    ) -> None:
        self.place, self.result, self.answers, self.kept = place, result, answers, kept
        self.first, self.first_shown = first, first_shown
        self.open = set(result.open)

    def parts(self, tree: Tree) -> list[Part]:
        """The topmost statements that follow each other in one section stand together."""
        parts: list[Part] = []
        for root in tree.roots:
            if not parts or parts[-1].section != root.section:
                parts.append(Part(root.section, []))
            parts[-1].rows.extend(self._rows(root, 0, is_aside=False))
        return parts

    def _rows(self, statement: Statement, depth: int, *, is_aside: bool) -> Iterator[Row]:
        key = statement.criterion.pk
        yield Row(
            statement=statement,
            depth=min(depth, 4),
            value=self.result.values[key],
            answer=self.answers.get(key),
            is_aside=is_aside,
            is_asked=key in self.open,
            kept=self.kept.get(key),
            first=self.first.get(statement.criterion.identity),
            first_shown=self.first_shown,
            address=f"{self.place.address}/{key}",
        )
        own = self.answers.get(key)
        is_aside = is_aside or (own is not None and own.finding == Finding.NOT_APPLICABLE)
        for child in statement.children:
            yield from self._rows(child, depth + 1, is_aside=is_aside)
