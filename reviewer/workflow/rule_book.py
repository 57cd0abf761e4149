"""The rules as the database has them now: the book that every limit is computed by."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from reviewer.clocks import TABLES, NoRule, RuleBook, shipped_rows
from reviewer.models import RuleRow, RuleTable

Rows = dict[str, list[dict[str, str]]]
# The newest row and how many there are: of two that are written at once the one with the higher
# number may be committed first, and the number alone would never tell of the other.
State = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Current:
    state: State
    book: RuleBook
    limits: dict[str, RuleRow]


_current: list[Current] = []  # at most one
_held: ContextVar[list[Current] | None] = ContextVar("_held", default=None)  # at most one in it


@contextmanager
def one_book() -> Iterator[None]:
    """All that is done inside goes by one book, and the database is asked for news of it once.

    Inside another it goes by that one's.
    """
    if _held.get() is not None:
        yield
        return
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def look_again() -> None:
    """Let go of the book that is held, where rows were added meanwhile."""
    if held := _held.get():
        held.clear()


def book() -> RuleBook:
    """The book of the current rows, read anew only when a row was added. Raises ClockError."""
    return current().book


def row_of(rule_id: str, *, book: RuleBook | None = None) -> RuleRow:
    """The current version of a limit; with the book in hand no query is made for it.

    Raises NoRule where there is none.
    """
    known = next((one for one in _current if one.book is book), None) or current()
    try:
        return known.limits[rule_id]
    except KeyError:
        raise NoRule(f"The rule table has no row {rule_id}.") from None


def current() -> Current:
    held = _held.get()
    if held:
        return held[0]
    found = newest()
    if held is not None:
        held.append(found)
    return found


def newest() -> Current:
    found = RuleRow.objects.aggregate(newest=Max("pk"), rows=Count("pk"))
    state = (found["newest"] or 0, found["rows"])
    if not _current or _current[0].state != state:
        _current[:] = [read(state)]
    return _current[0]


def read(state: State) -> Current:
    rows = list(RuleRow.objects.current().order_by("pk"))
    limits = {one.key: one for one in rows if one.table == RuleTable.RULES}
    return Current(state, RuleBook.of(by_table(rows)), limits)


def by_table(rows: list[RuleRow]) -> Rows:
    """The columns of the rows, as `RuleBook.of` takes them."""
    tables: Rows = {name: [] for name in TABLES}
    for one in rows:
        tables[one.table].append(one.row or {})
    return tables


def ship_rules(using: str) -> None:
    """Write the shipped rows that the database lacks or has otherwise, and end those that are
    shipped no longer; where a client's change stands on a row, it stays. As the tables' owner."""
    RuleRow.objects.using(using).bulk_create(_to_ship(using))


def _to_ship(using: str) -> Iterator[RuleRow]:
    last = _last_versions(using)
    for name, table in TABLES.items():
        shipped = {row[table.key]: row for row in shipped_rows(name)}
        for key in [*shipped, *(last[name].keys() - shipped.keys())]:
            version, kept, is_own = last[name].get(key, (0, None, False))
            row = shipped.get(key)
            if kept != row and not is_own:
                yield RuleRow(table=name, key=key, version=version + 1, row=row)


def _last_versions(using: str) -> dict[str, dict[str, tuple[int, Any, bool]]]:
    found: dict[str, dict[str, tuple[int, Any, bool]]] = defaultdict(dict)
    for one in RuleRow.objects.using(using).order_by("version"):
        found[one.table][one.key] = (one.version, one.row, one.change_id is not None)
    return found
