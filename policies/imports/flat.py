"""A document as it is stored: its trees as rows in the order of the text, its content as JSON.

Everything that storing needs and no database knows: another process can make it.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from policies.imports.spans import Span, spans_of
from policies.imports.stance_types import proposed_stance_types
from policies.reading import Document, codes, document
from policies.reading.document import Json

Row = tuple[Any, ...]  # first the place of the row that it hangs on, counted from 0, or None
Rows = list[Row]

SECTION = ("parent_id", "position", "kind", "heading", "anchor", "label", "depth")
PASSAGE = (
    "section_id", "position", "kind", "anchor", "label", "depth", "text", "stance_type",
)  # fmt: skip
CRITERION = (
    "parent_id", "position", "depth", "anchor", "label", "text", "rule", "at_least",
    "span_start", "span_end",
)  # fmt: skip
CODE_GROUP = ("position", "heading", "system", "stance", "is_open_list", "scope")
CODE_ROW = (
    "group_id", "position", "description", "full_description", "brackets",
    "is_service_without_code",
)  # fmt: skip
CODE_SPAN = (
    "row_id", "position", "system", "low", "high", "lower", "upper", "is_add_on",
    "has_seventh_character",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flat:
    """The rows have the columns named above; those of groups and references hang on none."""

    number: str
    title: str
    last_review: date | None
    effective: date | None
    next_review: date | None
    legends: list[str]
    references: list[str]
    not_understood: list[Json]
    reading: str  # `printed`
    stance_types: dict[str, str]
    sections: Rows
    passages: Rows
    criteria: Rows
    code_groups: Rows
    code_rows: Rows
    code_spans: Rows


def flatten(read: Document) -> Flat:
    stance_types = proposed_stance_types(read)
    sections, passages = _sections(read.sections, stance_types)
    groups, rows, spans = _codes(read.code_groups)
    return Flat(
        number=read.number,
        title=read.title,
        last_review=read.last_review,
        effective=read.effective,
        next_review=read.next_review,
        legends=list(read.legends),
        references=list(read.references),
        not_understood=[asdict(one) for one in read.not_understood],
        reading=printed(read.as_json()),
        stance_types=stance_types,
        sections=sections,
        passages=passages,
        criteria=_criteria(read.criteria, spans_of(read)),
        code_groups=groups,
        code_rows=rows,
        code_spans=spans,
    )


def _sections(tree: Sequence[document.Section], stances: dict[str, str]) -> tuple[Rows, Rows]:
    sections: Rows = []
    passages: Rows = []

    def walk(some: Sequence[document.Section], parent: int | None) -> None:
        for one in some:
            place = len(sections)
            named = (one.kind, one.heading, one.anchor, one.label, one.depth)
            sections.append((parent, place + 1, *named))
            for block in one.blocks:
                said = (block.kind, block.anchor, block.label, block.depth, block.text)
                stance = stances.get(block.anchor, "")
                passages.append((place, len(passages) + 1, *said, stance))
            walk(one.children, place)

    walk(tree, None)
    return sections, passages


def _criteria(tree: Sequence[document.Criterion], spans: dict[str, Span]) -> Rows:
    criteria: Rows = []

    def walk(some: Sequence[document.Criterion], parent: int | None, depth: int) -> None:
        for one in some:
            place = len(criteria)
            said = (one.anchor, one.label, one.text, one.rule, one.at_least)
            span = spans.get(one.anchor, (None, None))
            criteria.append((parent, place + 1, depth, *said, *span))
            walk(one.children, place, depth + 1)

    walk(tree, None, 1)
    return criteria


def _codes(tree: Sequence[document.CodeGroup]) -> tuple[Rows, Rows, Rows]:
    groups: Rows = []
    rows: Rows = []
    spans: Rows = []
    for group in tree:
        place = len(groups)
        named = (group.heading, group.system, group.stance, group.open_list, group.scope or "")
        groups.append((place + 1, *named))
        for row in group.rows:
            texts = (row.description, row.full_description, list(row.brackets))
            for span in row.codes:
                spans.append((len(rows), len(spans) + 1, *_span(span, group.system)))
            rows.append((place, len(rows) + 1, *texts, row.service_without_code))
    return groups, rows, spans


def _span(span: document.CodeSpan, group_system: str) -> Row:
    system = codes.system_of(group_system, span.low)
    lower, upper = codes.bounds(span)
    return (system, span.low, span.high, lower, upper, span.add_on, span.seventh_character)


def printed(value: Json | list[str]) -> str:
    """The one way to write a value as JSON: its keys sorted, without blanks."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
