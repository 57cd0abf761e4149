"""Readings used where a rule's text is silent, as rows of `conventions.csv`."""

from collections.abc import Mapping
from dataclasses import dataclass

from reviewer.clocks.errors import WrongRow
from reviewer.clocks.tables import Column, Kind, Table, number_of

CONVENTIONS = Table(
    "conventions",
    (
        Column("id", Kind.KEY, is_required=True),
        Column("number", Kind.NUMBER, about="Where the reading sets a length of time."),
        Column("unit", Kind.CHOICE, ("calendar_days",)),
        Column("text", Kind.TEXT, is_required=True),
    ),
)


@dataclass(frozen=True, slots=True)
class Convention:
    id: str
    number: int | None
    unit: str
    text: str

    @property
    def citation(self) -> str:
        return cite(self.id)


def convention_of(row: Mapping[str, str]) -> Convention:
    """The typed row. Raises WrongRow where it sets a length without its unit."""
    CONVENTIONS.check(row)
    one = Convention(row["id"], number_of(row["number"]), row["unit"], row["text"])
    if one.number is not None and one.number < 0:
        raise WrongRow("conventions", one.id, "number", "allowed is a count, 0 or more")
    if (one.number is None) == bool(one.unit):
        raise WrongRow("conventions", one.id, "unit", "a number and its unit go together")
    if one.id in SETTING_DAYS and one.number is None:
        raise WrongRow("conventions", one.id, "number", "this reading sets a number of days")
    return one


MAILING, BOARD_MEETING = "C16", "board_meeting"
SETTING_DAYS = (MAILING, BOARD_MEETING)


def cite(name: str) -> str:
    """How a step cites the convention of that id."""
    return f"Convention {name}"
