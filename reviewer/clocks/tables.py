"""Rows of column texts, as files and the database keep them, checked before they are read."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reviewer.clocks.errors import WrongRow

JOINT = "|"
FORMS = {
    "number": ("a whole number: 14", re.compile(r"-?\d{1,4}")),
    "key": ("a name without spaces: ERISA.PRE.INIT", re.compile(r"[\w.-]+")),
    "words": ("words joined by |: enrollee_request|provider_request", re.compile(r"[\w.|-]+")),
}


class Kind(StrEnum):
    """What the text of a column stands for."""

    KEY = "key"
    NUMBER = "number"
    CHOICE = "choice"  # one of the column's choices
    WORDS = "words"  # alternatives joined by |
    DATE = "date"  # ISO 8601
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. Where `is_open`, the choices are only the words known so far."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    is_required: bool = False
    is_open: bool = False
    about: str = ""

    def fault(self, text: str) -> str | None:
        """What is allowed in place of the text, or None where the text is fine."""
        if not text:
            return "it may not be empty" if self.is_required else None
        if self.kind is Kind.DATE:
            return None if _is_date(text) else "allowed is a date: 2026-01-31"
        if self.kind.value in FORMS:
            allowed, form = FORMS[self.kind.value]
            if not form.fullmatch(text):
                return f"allowed is {allowed}"
        if self.is_open or not self.choices or {*self._parts(text)} <= {*self.choices}:
            return None
        return f"allowed is {' or '.join(self.choices)}"

    def _parts(self, text: str) -> list[str]:
        return text.split(JOINT) if self.kind is Kind.WORDS else [text]


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one table; the first is its key."""

    name: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> str:
        return self.columns[0].name

    def column(self, name: str) -> Column:
        return next(one for one in self.columns if one.name == name)

    def check(self, row: Mapping[str, str]) -> None:
        """Raises WrongRow with the first column that cannot be read, and what is allowed."""
        key = row.get(self.key, "")
        for column in self.columns:
            if column.name not in row:
                raise WrongRow(self.name, key, column.name, "the column is missing")
            if fault := column.fault(row[column.name]):
                raise WrongRow(self.name, key, column.name, fault, row[column.name])
        for name in row:
            if name not in {column.name for column in self.columns}:
                raise WrongRow(self.name, key, name, "there is no such column")

    def check_all(self, rows: Iterable[Mapping[str, str]]) -> None:
        """As `check`, and that each key stands once."""
        seen = set()
        for row in rows:
            self.check(row)
            if row[self.key] in seen:
                raise WrongRow(self.name, row[self.key], self.key, "each key stands once")
            seen.add(row[self.key])


def words_of(text: str) -> tuple[str, ...]:
    return tuple(text.split(JOINT)) if text else ()


def number_of(text: str) -> int | None:
    return int(text) if text else None


def date_of(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def fits(accepted: str, value: str) -> bool:
    """A column that takes `any` value, or one."""
    return accepted in {ANY, value}


ANY = "any"
