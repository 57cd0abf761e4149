"""The statements of a version as rows of a checklist, each with its answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from policies.models import Rule, Section
from reviewer.models import CriterionAnswer, Finding
from reviewer.workflow.criteria.result import Result, Value
from reviewer.workflow.criteria.tree import Statement, Tree

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


class Rows:
    """Sets the statements of a tree."""

    def __init__(
        self,
        address: str,
        result: Result,
        answers: Mapping[int, CriterionAnswer],
        kept: Mapping[int, dict[str, str]],
        first: Mapping[UUID, CriterionAnswer],
        first_shown: bool,
    ) -> None:
        self.address, self.result, self.answers, self.kept = address, result, answers, kept
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
            address=f"{self.address}/{key}",
        )
        own = self.answers.get(key)
        is_aside = is_aside or (own is not None and own.finding == Finding.NOT_APPLICABLE)
        for child in statement.children:
            yield from self._rows(child, depth + 1, is_aside=is_aside)
