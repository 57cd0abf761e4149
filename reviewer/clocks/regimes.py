"""Whose rules bind a case, and by which office's clock: rows of `regimes.csv` and `zones.csv`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from reviewer.clocks.errors import ClockError, WrongRow
from reviewer.clocks.moments import zone_named
from reviewer.clocks.tables import ANY, Column, Kind, Table, date_of, fits

if TYPE_CHECKING:
    from reviewer.clocks.book import RuleBook


class RegimeRole(StrEnum):
    SELECTED = "selected"  # its row is the one that governs
    BINDING = "binding"  # joins the minimum
    TARGET = "target"  # a service target only


REGIMES = Table(
    "regimes",
    (
        Column("id", Kind.KEY, is_required=True),
        Column("line_of_business", Kind.KEY, is_required=True),
        Column("jurisdiction", Kind.KEY, is_required=True, about="Two letters, or any."),
        Column("plan", Kind.TEXT, is_required=True, about="The plan's name, or any."),
        Column("regime", Kind.KEY, is_required=True, about="A line of business of the rules."),
        Column("role", Kind.CHOICE, tuple(RegimeRole), is_required=True),
        Column("applies_from", Kind.DATE),
        Column("applies_to", Kind.DATE),
        Column("citation", Kind.TEXT, is_required=True),
        Column("confidence", Kind.CHOICE, ("V", "V2", "V_old", "G", "CHOICE"), is_required=True),
        Column("note", Kind.TEXT),
    ),
)
ZONES = Table(
    "zones",
    (
        Column("id", Kind.KEY, is_required=True),
        Column("line_of_business", Kind.KEY, is_required=True, about="Or any."),
        Column("jurisdiction", Kind.KEY, is_required=True, about="Two letters, or any."),
        Column("plan", Kind.TEXT, is_required=True, about="The plan's name, or any."),
        Column("zone", Kind.TEXT, about="An IANA name; empty: the zone of the office."),
        Column("note", Kind.TEXT),
    ),
)


@dataclass(frozen=True, slots=True)
class Regime:
    """The rules of `regime` are for this line of business, state and plan in this role."""

    id: str
    line_of_business: str
    jurisdiction: str
    plan: str
    regime: str
    role: RegimeRole
    applies_from: date | None
    applies_to: date | None
    citation: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Zone:
    id: str
    line_of_business: str
    jurisdiction: str
    plan: str
    zone: str
    note: str


def regime_of(row: Mapping[str, str]) -> Regime:
    """The typed row. Raises WrongRow with the column that cannot be read."""
    REGIMES.check(row)
    _check_jurisdiction(REGIMES, row)
    if row["applies_from"] and row["applies_to"] and row["applies_to"] < row["applies_from"]:
        why = "it does not end before applies_from"
        raise WrongRow("regimes", row["id"], "applies_to", why, row["applies_to"])
    return Regime(
        id=row["id"],
        line_of_business=row["line_of_business"],
        jurisdiction=row["jurisdiction"],
        plan=row["plan"],
        regime=row["regime"],
        role=RegimeRole(row["role"]),
        applies_from=date_of(row["applies_from"]),
        applies_to=date_of(row["applies_to"]),
        citation=row["citation"],
        confidence=row["confidence"],
        note=row["note"],
    )


def zone_of(row: Mapping[str, str]) -> Zone:
    """The typed row. Raises WrongRow where the zone is none that exists."""
    ZONES.check(row)
    _check_jurisdiction(ZONES, row)
    try:
        zone_named(row["zone"] or "UTC")
    except ClockError as error:
        why = "allowed is an IANA name, America/Chicago, or nothing"
        raise WrongRow("zones", row["id"], "zone", why, row["zone"]) from error
    return Zone(**{column.name: row[column.name] for column in ZONES.columns})


def _check_jurisdiction(table: Table, row: Mapping[str, str]) -> None:
    said = row["jurisdiction"]
    if said != ANY and not (len(said) == 2 and said.isalpha() and said.isupper()):
        why = "allowed is any, or a state by its two capital letters"
        raise WrongRow(table.name, row["id"], "jurisdiction", why, said)


def regimes_for(
    book: "RuleBook", *, line_of_business: str, jurisdiction: str, plan: str, on: date
) -> tuple[Regime, ...]:
    """The one selected regime, then the binding ones, then targets; each regime once.

    Among selected rows the one that names the plan comes before one that names the state, and
    that before any. Raises ClockError where there is none, or where two say the same.
    """
    fitting = [
        one
        for one in book.regimes
        if _is_for(one, line_of_business, jurisdiction, plan)
        and (one.applies_from is None or one.applies_from <= on)
        and (one.applies_to is None or on <= one.applies_to)
    ]
    case = f"line of business {line_of_business}, {jurisdiction}, plan {plan}, on {on}"
    selected = _most_specific([one for one in fitting if one.role is RegimeRole.SELECTED])
    if not selected:
        raise ClockError(
            f"No row of the table regimes is selected for {case}. "
            "Add one with role “selected” that says whose rules govern."
        )
    if len(selected) > 1:
        names = " and ".join(one.id for one in selected)
        raise ClockError(f"Rows {names} of the table regimes are both selected for {case}.")
    found = {selected[0].regime: selected[0]}
    for role in (RegimeRole.BINDING, RegimeRole.TARGET):
        for one in fitting:
            if one.role is role:
                found.setdefault(one.regime, one)
    return tuple(found.values())


def zone_for(
    book: "RuleBook", *, line_of_business: str, jurisdiction: str, plan: str, default: str
) -> str:
    """The zone that governs a case: of the most specific row; where it names none, the default."""
    fitting = [one for one in book.zones if _is_for(one, line_of_business, jurisdiction, plan)]
    found = _most_specific(fitting)
    return found[0].zone if found and found[0].zone else default


class Placed(Protocol):
    """A row for a line of business, a state and a plan, each of which may be any."""

    @property
    def line_of_business(self) -> str: ...
    @property
    def jurisdiction(self) -> str: ...
    @property
    def plan(self) -> str: ...


P = TypeVar("P", bound=Placed)


def _is_for(one: Placed, line_of_business: str, jurisdiction: str, plan: str) -> bool:
    return (
        fits(one.line_of_business, line_of_business)
        and fits(one.jurisdiction, jurisdiction)
        and fits(one.plan, plan)
    )


def _most_specific(fitting: Iterable[P]) -> list[P]:
    ranked = [
        ((one.plan != ANY, one.jurisdiction != ANY, one.line_of_business != ANY), one)
        for one in fitting
    ]
    best = max((rank for rank, _ in ranked), default=None)
    return [one for rank, one in ranked if rank == best]
