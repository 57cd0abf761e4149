"""The book as it would be with some changes: that it can be read, and that somebody governs."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from policies.models import LineOfBusiness
from reviewer.clocks import TABLES, ClockError, Regime, RegimeRole, RuleBook
from reviewer.clocks.tables import ANY
from reviewer.models import RuleChange, RuleRow, RuleTable
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_book import by_table


def book_with(changes: Iterable[RuleChange]) -> RuleBook:
    """The current rows with these changes, as a book.

    Raises Refused with the table, the row and the column of what cannot be read, with the two
    rules that would fit one case, or with the day from which no rules govern a line of business.
    """
    made = list(changes)
    taken = {(one.table, one.key) for one in made}
    kept = [one for one in RuleRow.objects.current() if (one.table, one.key) not in taken]
    tables = by_table(kept)
    for one in made:
        if one.row is not None:
            _require_key(one)
            tables[one.table].append(one.row)
    try:
        book = RuleBook.of(tables)
    except ClockError as error:
        raise Refused(str(error)) from error
    if RuleTable.REGIMES in {one.table for one in made}:
        _require_governing_regimes(book)
    return book


def _require_key(change: RuleChange) -> None:
    column = TABLES[change.table].key
    if change.row is not None and change.row.get(column) != change.key:
        raise Refused(
            f"A row keeps its name: {column} says “{change.row.get(column, '')}”, and the change is"
            f" for {change.key}. End this row and add another one instead."
        )


def _require_governing_regimes(book: RuleBook) -> None:
    """On every day some rules govern every line of business, whatever the state and the plan.

    That no two are selected for one case is checked when the book is made.
    """
    for line in LineOfBusiness:
        rows = [one for one in book.regimes if _is_general(one, line)]
        for day in _days_that_matter(rows):
            if not any(_holds_on(one, day) for one in rows):
                since = f"From {day}" if day > date.min else "From the start"
                raise Refused(
                    f"{since} no rules would govern {line.label}. Table regimes: one row with role"
                    f" “selected” for line_of_business {line.value}, any jurisdiction and any plan"
                    " must hold on every day; mend its applies_from or applies_to."
                )


def _is_general(one: Regime, line: str) -> bool:
    return (
        one.role is RegimeRole.SELECTED
        and one.line_of_business in {line, ANY}
        and (one.jurisdiction, one.plan) == (ANY, ANY)
    )


def _days_that_matter(rows: Iterable[Regime]) -> Iterator[date]:
    """The days on which a stretch without a row could begin."""
    yield date.min
    for one in rows:
        if one.applies_to is not None:
            yield one.applies_to + timedelta(days=1)


def _holds_on(one: Regime, day: date) -> bool:
    return (one.applies_from is None or one.applies_from <= day) and (
        one.applies_to is None or day <= one.applies_to
    )
