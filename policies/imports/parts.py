"""From a document to the rows of a version: trees flattened, in the order of the text."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import NamedTuple

from policies.imports.lineage import Lineage
from policies.imports.rows import copy_rows, insert_rows, reserved_ids
from policies.imports.spans import spans_of
from policies.models import (
    CodeGroup,
    CodeRow,
    CodeSpan,
    Criterion,
    Passage,
    Reference,
    Section,
    Version,
)
from policies.reading import Document, codes, document


class PassageRow(NamedTuple):
    """A passage on its way into the database; so the two below."""

    version_id: int
    section_id: int
    position: int
    kind: str
    anchor: str
    label: str
    depth: int
    text: str
    stance_type: str


class RowRow(NamedTuple):
    id: int
    version_id: int
    group_id: int
    position: int
    description: str
    full_description: str
    brackets: list[str]
    is_service_without_code: bool


class SpanRow(NamedTuple):
    version_id: int
    row_id: int
    position: int
    system: str
    low: str
    high: str
    lower: str
    upper: str
    is_add_on: bool
    has_seventh_character: bool


def store_parts(
    version: Version, read: Document, *, stance_types: Mapping[str, str], lineage: Lineage
) -> None:
    """Insert every section, passage, criterion, code and reference of a new draft."""
    _store_sections(version, read.sections, stance_types)
    _store_criteria(version, read, lineage)
    _store_codes(version, read.code_groups)
    references = enumerate(read.references, start=1)
    copy_rows(
        Reference,
        ["version_id", "position", "text"],
        ((version.pk, position, text) for position, text in references),
    )


def _store_sections(
    version: Version, tree: Sequence[document.Section], stance_types: Mapping[str, str]
) -> None:
    sections: list[Section] = []
    passages: list[PassageRow] = []
    ids = reserved_ids(Section, _size(tree))

    def walk(some: Sequence[document.Section], parent: int | None) -> None:
        for one in some:
            stored = Section(
                id=next(ids),
                version=version,
                parent_id=parent,
                position=len(sections) + 1,
                kind=one.kind,
                heading=one.heading,
                anchor=one.anchor,
                label=one.label,
                depth=one.depth,
            )
            sections.append(stored)
            for block in one.blocks:
                passages.append(
                    PassageRow(
                        version.pk,
                        stored.pk,
                        len(passages) + 1,
                        block.kind,
                        block.anchor,
                        block.label,
                        block.depth,
                        block.text,
                        stance_types.get(block.anchor, ""),
                    )
                )
            walk(one.children, stored.pk)

    walk(tree, None)
    insert_rows(sections)
    copy_rows(Passage, PassageRow._fields, passages)


def _store_criteria(version: Version, read: Document, lineage: Lineage) -> None:
    criteria: list[Criterion] = []
    ids = reserved_ids(Criterion, _size(read.criteria))
    spans = spans_of(read)

    def walk(some: Sequence[document.Criterion], parent: int | None, depth: int) -> None:
        for one in some:
            start, end = spans.get(one.anchor, (None, None))
            stored = Criterion(
                id=next(ids),
                version=version,
                parent_id=parent,
                position=len(criteria) + 1,
                depth=depth,
                anchor=one.anchor,
                label=one.label,
                text=one.text,
                rule=one.rule,
                at_least=one.at_least,
                span_start=start,
                span_end=end,
            )
            criteria.append(stored)
            walk(one.children, stored.pk, depth + 1)

    walk(read.criteria, None, 1)
    lineage.hand_down(criteria)
    insert_rows(criteria)


def _store_codes(version: Version, tree: Sequence[document.CodeGroup]) -> None:
    groups: list[CodeGroup] = []
    rows: list[RowRow] = []
    spans: list[SpanRow] = []
    group_ids = reserved_ids(CodeGroup, len(tree))
    row_ids = reserved_ids(CodeRow, sum(len(group.rows) for group in tree))
    positions = count(1)
    for group in tree:
        stored_group = CodeGroup(
            id=next(group_ids),
            version=version,
            position=len(groups) + 1,
            heading=group.heading,
            system=group.system,
            stance=group.stance,
            is_open_list=group.open_list,
            scope=group.scope or "",
        )
        groups.append(stored_group)
        for row in group.rows:
            stored = RowRow(
                next(row_ids),
                version.pk,
                stored_group.pk,
                len(rows) + 1,
                row.description,
                row.full_description,
                list(row.brackets),
                row.service_without_code,
            )
            rows.append(stored)
            spans += [_span(stored, group.system, span, next(positions)) for span in row.codes]
    insert_rows(groups)
    copy_rows(CodeRow, RowRow._fields, rows)
    copy_rows(CodeSpan, SpanRow._fields, spans)


def _span(row: RowRow, group_system: str, span: document.CodeSpan, position: int) -> SpanRow:
    lower, upper = codes.bounds(span)
    return SpanRow(
        row.version_id,
        row.id,
        position,
        codes.system_of(group_system, span.low),
        span.low,
        span.high,
        lower,
        upper,
        span.add_on,
        span.seventh_character,
    )


def _size(tree: Sequence[document.Section] | Sequence[document.Criterion]) -> int:
    return sum(1 + _size(one.children) for one in tree)
