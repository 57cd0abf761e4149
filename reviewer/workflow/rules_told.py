"""A rule as a page shows it: its columns with their meaning, its versions and who changed what."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import QuerySet

from reviewer.clocks.rules import rule_of
from reviewer.models import RuleChange, RuleRow, RuleTable
from reviewer.workflow.rule_words import (
    CONFIDENCE,
    Row,
    cases_of,
    sentences_of,
    value_in_words,
)

COLUMNS = Path(__file__).with_name("rule_columns.csv")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column is for."""

    name: str
    group: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Cell:
    column: Meaning
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A column that one version has other than the version before."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    row: RuleRow
    differences: tuple[Difference, ...]
    is_first: bool

    @property
    def change(self) -> RuleChange | None:
        return self.row.change

    @property
    def is_end(self) -> bool:
        return self.row.row is None


@dataclass(frozen=True, slots=True)
class Told:
    """A row as it is now, or as it was when it ended."""

    table: RuleTable
    key: str
    row: Row
    is_ended: bool
    versions: tuple[Version, ...]  # the newest first

    @property
    def groups(self) -> list[tuple[str, list[Cell]]]:
        """Columns that say something, by what they are about."""
        return [(name, cells) for name, cells in _grouped(self.table, self.row) if any_value(cells)]

    @property
    def sentences(self) -> list[str]:
        return sentences_of(self.row) if self.table == RuleTable.RULES else []

    @property
    def cases(self) -> str:
        return cases_of(rule_of(self.row)) if self.table == RuleTable.RULES else ""

    @property
    def confidence(self) -> str:
        return self.row.get("confidence", "")

    @property
    def confidence_in_words(self) -> str:
        return CONFIDENCE.get(self.confidence, "")

    @property
    def is_own(self) -> bool:
        """Whether a change of the client's stands on it."""
        return self.versions[0].change is not None


def told(table: str, key: str) -> Told | None:
    """The row with all its versions, in one query; None where there never was one."""
    rows = list(versions_of(table, key))
    if not rows:
        return None
    newest = next(one for one in rows if one.row is not None)
    return Told(
        table=RuleTable(table),
        key=key,
        row=newest.row or {},
        is_ended=rows[0].row is None,
        versions=tuple(_versions(rows)),
    )


def versions_of(table: str, key: str) -> "QuerySet[RuleRow]":
    people = ("change__proposed_by", "change__decided_by")
    found = RuleRow.objects.filter(table=table, key=key).select_related(*people)
    return found.order_by("-version")


def differences(table: str, before: Row | None, after: Row | None) -> tuple[Difference, ...]:
    """The columns in which two versions differ, in their order; an absent row is empty."""
    return tuple(
        Difference(one.label, (before or {}).get(one.name, ""), (after or {}).get(one.name, ""))
        for one in meanings(table)
        if (before or {}).get(one.name, "") != (after or {}).get(one.name, "")
    )


@cache
def meanings(table: str) -> tuple[Meaning, ...]:
    """The columns of a table in the order in which a page shows them."""
    with COLUMNS.open(encoding="utf-8", newline="") as file:
        rows = [one for one in csv.DictReader(file) if one["table"] == table]
    return tuple(Meaning(one["column"], one["group"], one["label"], one["meaning"]) for one in rows)


def any_value(cells: list[Cell]) -> bool:
    return any(one.value for one in cells)


def _versions(rows: list[RuleRow]) -> Iterator[Version]:
    for one, before in zip(rows, [*rows[1:], None], strict=True):
        found = differences(one.table, before.row, one.row) if before and one.row else ()
        yield Version(one, found, is_first=before is None)


def _grouped(table: str, row: Row) -> list[tuple[str, list[Cell]]]:
    groups: dict[str, list[Cell]] = {}
    for one in meanings(table):
        value = row.get(one.name, "")
        cell = Cell(one, value, value_in_words(table, one.name, value))
        groups.setdefault(one.group, []).append(cell)
    return list(groups.items())
