"""From a document to the rows of a version: trees flattened, in the order of the text."""

from collections.abc import Mapping, Sequence
from itertools import count

from policies.imports.lineage import Lineage
from policies.imports.rows import insert_rows, reserved_ids
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


def store_parts(
    version: Version, read: Document, *, stance_types: Mapping[str, str], lineage: Lineage
) -> None:
    """Insert every section, passage, criterion, code and reference of a new draft."""
    _store_sections(version, read.sections, stance_types)
    _store_criteria(version, read, lineage)
    _store_codes(version, read.code_groups)
    insert_rows(
        Reference(version=version, position=position, text=text)
        for position, text in enumerate(read.references, start=1)
    )


def _store_sections(
    version: Version, tree: Sequence[document.Section], stance_types: Mapping[str, str]
) -> None:
    sections: list[Section] = []
    passages: list[Passage] = []
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
                passages.append(_passage(stored, block, len(passages) + 1, stance_types))
            walk(one.children, stored.pk)

    walk(tree, None)
    insert_rows(sections)
    insert_rows(passages)


def _passage(
    section: Section, block: document.Block, position: int, stance_types: Mapping[str, str]
) -> Passage:
    return Passage(
        version=section.version,
        section=section,
        position=position,
        kind=block.kind,
        anchor=block.anchor,
        label=block.label,
        depth=block.depth,
        text=block.text,
        stance_type=stance_types.get(block.anchor, ""),
    )


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
    rows: list[CodeRow] = []
    spans: list[CodeSpan] = []
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
            stored = CodeRow(
                id=next(row_ids),
                version=version,
                group=stored_group,
                position=len(rows) + 1,
                description=row.description,
                full_description=row.full_description,
                brackets=list(row.brackets),
                is_service_without_code=row.service_without_code,
            )
            rows.append(stored)
            spans += [_span(stored, group.system, span, next(positions)) for span in row.codes]
    for some in (groups, rows, spans):
        insert_rows(some)


def _span(row: CodeRow, group_system: str, span: document.CodeSpan, position: int) -> CodeSpan:
    lower, upper = codes.bounds(span)
    return CodeSpan(
        version=row.version,
        row=row,
        position=position,
        system=codes.system_of(group_system, span.low),
        low=span.low,
        high=span.high,
        lower=lower,
        upper=upper,
        is_add_on=span.add_on,
        has_seventh_character=span.seventh_character,
    )


def _size(tree: Sequence[document.Section] | Sequence[document.Criterion]) -> int:
    return sum(1 + _size(one.children) for one in tree)
