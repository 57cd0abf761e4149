"""The rules as the database has them now: the book that every limit is computed by."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from reviewer.clocks import TABLES, NoRule, RuleBook, shipped_rows
from reviewer.models import RuleRow, RuleTable


@dataclass(frozen=True, slots=True)
class Current:
    newest: int
    book: RuleBook
    limits: dict[str, RuleRow]


_current: list[Current] = []  # at most one


def book() -> RuleBook:
    """The book of the current rows, read once for each newest row. Raises ClockError."""
    return current().book


def row_of(rule_id: str, *, book: RuleBook | None = None) -> RuleRow:
    """The current version of a limit; with the book in hand no query is made for it.

    Raises NoRule where there is none.
    """
    is_at_hand = book is not None and _current and _current[0].book is book
    limits = _current[0].limits if is_at_hand else current().limits
    try:
        return limits[rule_id]
    except KeyError:
        raise NoRule(f"The rule table has no row {rule_id}.") from None


def current() -> Current:
    newest: int = RuleRow.objects.aggregate(newest=Max("pk"))["newest"] or 0
    if not _current or _current[0].newest != newest:
        _current[:] = [read(newest)]
    return _current[0]


def read(newest: int) -> Current:
    tables: dict[str, list[dict[str, str]]] = {name: [] for name in TABLES}
    rows = list(RuleRow.objects.current().order_by("pk"))
    for one in rows:
        tables[one.table].append(one.row or {})
    limits = {one.key: one for one in rows if one.table == RuleTable.RULES}
    return Current(newest, RuleBook.of(tables), limits)


def ship_rules(using: str) -> None:
    """Write the shipped rows that the database lacks, and shipped rows that were changed since,
    where no client's change stands on them."""
    last = _last_versions(using)
    RuleRow.objects.using(using).bulk_create(
        RuleRow(table=name, key=key, version=version + 1, row=row)
        for name, table in TABLES.items()
        for row in shipped_rows(name)
        for key in [row[table.key]]
        for version, kept, is_own in [last[name].get(key, (0, None, False))]
        if kept != row and not is_own
    )


def _last_versions(using: str) -> dict[str, dict[str, tuple[int, Any, bool]]]:
    found: dict[str, dict[str, tuple[int, Any, bool]]] = defaultdict(dict)
    for one in RuleRow.objects.using(using).order_by("version"):
        found[one.table][one.key] = (one.version, one.row, one.change_id is not None)
    return found
