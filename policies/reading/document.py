"""What a reading of a bulletin yields: frozen dataclasses, and their form as JSON.

The shapes and the names of the JSON keys are those of the reader's specification: sections as a
tree of headings, criteria as a tree of statements with their logic, code groups with their rows,
and the lines that were not understood. Sequences are tuples, so a document can be compared.
"""

from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Block:
    """A passage of a section. `depth` counts the lists it stands in; 0 is plain text."""

    kind: str  # paragraph | note | item
    anchor: str
    label: str  # of an item, as in print: "I", "A", "2", "a", "•"
    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it; `label` and `ordinal` only where it is numbered."""

    heading: str
    kind: str
    anchor: str
    label: str
    ordinal: int | None
    depth: int  # 1 at the top
    blocks: tuple[Block, ...]
    children: tuple["Section", ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A statement and how its children combine. `text` holds its own paragraphs, one a line."""

    anchor: str
    label: str
    text: str
    rule: str  # all | any | at_least | none | list
    at_least: int | None
    children: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class CodeSpan:
    """One code (low == high) or a range, as printed but without its `+`.

    `seventh_character`: a `+` after a bound says that any 7th character may follow.
    """

    low: str
    high: str
    add_on: bool
    seventh_character: bool


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One row of a code table. `brackets` are the plan's notes; they also stay in the texts."""

    codes: tuple[CodeSpan, ...]
    description: str
    full_description: str
    brackets: tuple[str, ...]
    service_without_code: bool


@dataclass(frozen=True, slots=True)
class CodeGroup:
    """The rows under one heading, for the subject (`scope`) that stands above it, if any."""

    heading: str
    system: str
    stance: str
    open_list: bool
    scope: str | None
    rows: tuple[CodeRow, ...]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A line (counted from 1) that has no place in the result, or a doubtful one, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """One bulletin as read. Dates are None where the text does not state them."""

    number: str
    title: str
    last_review: date | None
    effective: date | None
    next_review: date | None
    sections: tuple[Section, ...]
    criteria: tuple[Criterion, ...]
    code_groups: tuple[CodeGroup, ...]
    legends: tuple[str, ...]
    references: tuple[str, ...]
    not_understood: tuple[NotUnderstood, ...]

    def as_json(self) -> Json:
        """Plain dicts, lists, strings and numbers under the specification's keys."""
        plain: Json = _plain(self)
        return plain

    @classmethod
    def from_json(cls, data: Json) -> "Document":
        """The document that `as_json` printed. Raises KeyError where a key is missing."""
        return cls(
            number=data["number"],
            title=data["title"],
            last_review=_date(data["last_review"]),
            effective=_date(data["effective"]),
            next_review=_date(data["next_review"]),
            sections=tuple(_section(one) for one in data["sections"]),
            criteria=tuple(_criterion(one) for one in data["criteria"]),
            code_groups=tuple(_group(one) for one in data["code_groups"]),
            legends=tuple(data["legends"]),
            references=tuple(data["references"]),
            not_understood=tuple(NotUnderstood(**one) for one in data["not_understood"]),
        )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if names := _names(value.__class__):
        return {name: _plain(getattr(value, name)) for name in names}
    return value


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none of another type."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _section(data: Json) -> Section:
    parts = {
        "blocks": tuple(Block(**one) for one in data["blocks"]),
        "children": tuple(_section(one) for one in data["children"]),
    }
    return Section(**(data | parts))


def _criterion(data: Json) -> Criterion:
    return Criterion(**(data | {"children": tuple(_criterion(one) for one in data["children"])}))


def _group(data: Json) -> CodeGroup:
    return CodeGroup(**(data | {"rows": tuple(_row(one) for one in data["rows"])}))


def _row(data: Json) -> CodeRow:
    parts = {
        "codes": tuple(CodeSpan(**one) for one in data["codes"]),
        "brackets": tuple(data["brackets"]),
    }
    return CodeRow(**(data | parts))
