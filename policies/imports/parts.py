"""The rows of a version: one COPY a table, their ids reserved beforehand."""

from policies.imports import flat
from policies.imports.flat import Flat
from policies.imports.lineage import Lineage
from policies.imports.rows import copy_rows, insert_rows, reserved_ids
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


def store_parts(version: Version, read: Flat, *, lineage: Lineage) -> None:
    """Insert every section, passage, criterion, code and reference of a new draft."""
    _store_sections(version, read)
    _store_criteria(version, read, lineage)
    _store_codes(version, read)
    references = enumerate(read.references, start=1)
    copy_rows(
        Reference,
        ["version_id", "position", "text"],
        ((version.pk, position, text) for position, text in references),
    )


def _store_sections(version: Version, read: Flat) -> None:
    ids = reserved_ids(Section, len(read.sections))
    own = zip(ids, read.sections, strict=True)
    copy_rows(
        Section,
        ["version_id", "id", *flat.SECTION],
        ((version.pk, pk, _at(ids, parent), *rest) for pk, (parent, *rest) in own),
    )
    copy_rows(
        Passage,
        ["version_id", *flat.PASSAGE],
        ((version.pk, ids[section], *rest) for section, *rest in read.passages),
    )


def _store_criteria(version: Version, read: Flat, lineage: Lineage) -> None:
    ids = reserved_ids(Criterion, len(read.criteria))
    criteria = []
    for pk, (parent, *rest) in zip(ids, read.criteria, strict=True):
        values = zip(flat.CRITERION, (_at(ids, parent), *rest), strict=True)
        criteria.append(Criterion(id=pk, version=version, **dict(values)))
    lineage.hand_down(criteria)
    insert_rows(criteria)


def _store_codes(version: Version, read: Flat) -> None:
    group_ids = reserved_ids(CodeGroup, len(read.code_groups))
    row_ids = reserved_ids(CodeRow, len(read.code_rows))
    groups = zip(group_ids, read.code_groups, strict=True)
    copy_rows(
        CodeGroup,
        ["version_id", "id", *flat.CODE_GROUP],
        ((version.pk, pk, *values) for pk, values in groups),
    )
    rows = zip(row_ids, read.code_rows, strict=True)
    copy_rows(
        CodeRow,
        ["version_id", "id", *flat.CODE_ROW],
        ((version.pk, pk, group_ids[group], *rest) for pk, (group, *rest) in rows),
    )
    copy_rows(
        CodeSpan,
        ["version_id", *flat.CODE_SPAN],
        ((version.pk, row_ids[row], *rest) for row, *rest in read.code_spans),
    )


def _at(ids: list[int], place: int | None) -> int | None:
    return None if place is None else ids[place]
