"""Readings used where a rule's text is silent, as rows of `conventions.csv`."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("conventions.csv")


@dataclass(frozen=True, slots=True)
class Convention:
    id: str
    number: int | None
    unit: str
    text: str

    @property
    def citation(self) -> str:
        return f"Convention {self.id}"


@cache
def conventions() -> dict[str, Convention]:
    """Every convention by its id, in the order of the file."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        rows = [
            Convention(row["id"], int(row["number"]) if row["number"] else None, row["unit"], text)
            for row in csv.DictReader(file)
            if (text := row["text"])
        ]
    return {row.id: row for row in rows}


def cite(name: str) -> str:
    """How a step cites the convention of that id."""
    return conventions()[name].citation


def days_of(name: str) -> int:
    """The calendar days that a convention sets. Raises ValueError where it sets none."""
    convention = conventions()[name]
    if convention.number is None or convention.unit != "calendar_days":
        raise ValueError(f"Convention {name} sets no calendar days.")
    return convention.number
