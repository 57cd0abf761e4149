"""Everything the engine goes by, as one value: limits, readings, holidays, regimes, zones, duties.

The rows come from the files beside this code or from a database; either way each is checked, so
that a book that exists can be computed with.
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from reviewer.clocks.conventions import CONVENTIONS, Convention, convention_of
from reviewer.clocks.duties import DUTIES, Duty, duty_of
from reviewer.clocks.errors import NoRule, WrongRow
from reviewer.clocks.holidays import HOLIDAYS, Calendar, Holiday, holiday_of
from reviewer.clocks.regimes import REGIMES, ZONES, Regime, Zone, regime_of, zone_of
from reviewer.clocks.rules import RULES, Rule, rule_of
from reviewer.clocks.tables import Table
from reviewer.clocks.twice import refuse_two_for_one_case

Row = Mapping[str, str]
FILES = Path(__file__).parent
TABLES: dict[str, Table] = {
    one.name: one for one in (RULES, CONVENTIONS, HOLIDAYS, REGIMES, ZONES, DUTIES)
}


@dataclass(frozen=True)
class RuleBook:
    """The typed rows; `version` is a digest of all of them, whatever their order."""

    rules: tuple[Rule, ...]
    conventions: tuple[Convention, ...]
    holidays: tuple[Holiday, ...]
    regimes: tuple[Regime, ...]
    zones: tuple[Zone, ...]
    duties: tuple[Duty, ...]
    version: str

    @classmethod
    def of(cls, tables: Mapping[str, Iterable[Row]]) -> "RuleBook":
        """The book of these rows of column texts.

        Raises WrongRow, a ClockError that names the table, the key and the column, and says
        what is allowed; also where two rules would fit one case.
        """
        rows = {name: list(tables[name]) for name in TABLES}
        for name, table in TABLES.items():
            table.check_all(rows[name])
        book = cls(
            rules=tuple(map(rule_of, rows["rules"])),
            conventions=tuple(map(convention_of, rows["conventions"])),
            holidays=tuple(map(holiday_of, rows["holidays"])),
            regimes=tuple(map(regime_of, rows["regimes"])),
            zones=tuple(map(zone_of, rows["zones"])),
            duties=tuple(map(duty_of, rows["duties"])),
            version="",
        )
        _check_references(book)
        refuse_two_for_one_case(book)
        return replace(book, version=_digest(rows_of(book)))

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        return {one.rule_id: one for one in self.rules}

    @cached_property
    def in_scope(self) -> dict[object, tuple[Rule, ...]]:
        """What selection found for a scope."""
        return {}

    @cached_property
    def days(self) -> Calendar:
        """Which days are closed."""
        return Calendar(self.holidays)

    def rule(self, rule_id: str) -> Rule:
        """The row of that id. Raises NoRule where there is none."""
        try:
            return self.by_id[rule_id]
        except KeyError:
            raise NoRule(f"The rule table has no row {rule_id}.") from None

    @cached_property
    def _numbers(self) -> dict[str, int | None]:
        return {one.id: one.number for one in self.conventions}

    def days_of(self, convention: str) -> int:
        """The calendar days that a convention sets."""
        return self._numbers[convention] or 0

    @cached_property
    def _duties(self) -> dict[str, Duty]:
        return {one.id: one for one in self.duties}

    def duty(self, key: str) -> Duty:
        """The row of that id. Raises NoRule where there is none."""
        try:
            return self._duties[key]
        except KeyError:
            raise NoRule(f"The table of duties has no row {key}.") from None


NEEDED = (
    *(f"C{number}" for number in range(1, 21) if number != 8),
    *("incomplete", "refused", "backward", "later_of", "window", "board_meeting"),
)
"""Readings that steps of a derivation cite."""


def _check_references(book: RuleBook) -> None:
    missing = set(NEEDED) - {one.id for one in book.conventions}
    for name in sorted(missing):
        raise WrongRow("conventions", name, "id", "this reading is cited and must stay")
    for rule in book.rules:
        for column in ("deficiency_notice_rule_id", "incomplete_rule_id"):
            named = getattr(rule, column)
            if named and named not in book.by_id:
                raise WrongRow("rules", rule.rule_id, column, "no rule has that id", named)
    known = {name for rule in book.rules for name in rule.line_of_business}
    for regime in book.regimes:
        if regime.regime not in known:
            allowed = f"allowed is {' or '.join(sorted(known))}"
            raise WrongRow("regimes", regime.id, "regime", allowed, regime.regime)
    plain = {one.id for one in book.duties if not one.as_duty}
    for duty in book.duties:
        if duty.as_duty and duty.as_duty not in plain:
            allowed = f"allowed is {' or '.join(sorted(plain))}"
            raise WrongRow("duties", duty.id, "as_duty", allowed, duty.as_duty)


def _digest(rows: Mapping[str, list[dict[str, str]]]) -> str:
    ordered = {
        name: sorted(rows[name], key=lambda row: row[table.key]) for name, table in TABLES.items()
    }
    text = json.dumps(ordered, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def shipped_rows(table: str) -> list[dict[str, str]]:
    """The rows of a table as the file beside this code has them."""
    with (FILES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def shipped_book() -> RuleBook:
    """The book of the files beside this code."""
    return RuleBook.of({name: shipped_rows(name) for name in TABLES})


def rows_of(book: RuleBook) -> dict[str, list[dict[str, str]]]:
    """Every table as rows of column texts again, as `RuleBook.of` takes them."""
    return {
        name: [_row(one, table) for one in getattr(book, name)] for name, table in TABLES.items()
    }


RENAMED = {"required": "is_required", "stage": "stages", "step": "steps"}
"""Columns of duties whose values have another name."""


def _row(one: Any, table: Table) -> dict[str, str]:
    known = {field.name for field in fields(one)}
    names = [(column, RENAMED.get(column, column)) for column in (c.name for c in table.columns)]
    return {
        column: _text(getattr(one, column if column in known else name)) for column, name in names
    }


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case tuple():
            return "|".join(map(str, value))
        case _:
            return str(value)
