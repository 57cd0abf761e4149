"""The parts of a code table while they are read: a row, a group, cells that wait for words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from policies.reading.code_cells import Cell
from policies.reading.codes import systems_of
from policies.reading.descriptions import unmatched
from policies.reading.document import CodeRow, CodeSpan
from policies.reading.lines import Line, clean

_REFERS = re.compile(r"\b(?:with|see|and|or|(?:to|with|of|primary) codes?)$", re.IGNORECASE)
UNFINISHED = re.compile(
    r"\b(?:of|for|the|an?|in|on|by|to|per|each|than|from|at|as|with|without|including|and|or)$"
)


@dataclass(slots=True)
class Row:
    """A row while its description may still go on."""

    line: Line
    spans: tuple[CodeSpan, ...]
    parts: list[str]
    marks: tuple[str, ...]
    is_continued: bool  # indented: it completes an earlier description
    is_service: bool = False
    opened: int = 0  # brackets that its last line leaves open

    def __post_init__(self) -> None:
        self.opened = unmatched(self.parts[0])[0]

    def go_on(self, text: str) -> None:
        """The description goes on in a line of its own."""
        opened, closed = unmatched(text)
        self.opened = max(self.opened - closed, 0) + opened
        self.parts.append(text)

    def is_completed_by(self, line: Line) -> bool:
        """Whether a line that may begin like a row only ends this one: the codes that a
        description refers to were broken off it."""
        if line.follows_blank or (line.markup and line.markup.row == "cells"):
            return False
        if not line.text[0].isalnum():
            return False
        if self.opened and unmatched(line.text)[1]:
            return True
        return _REFERS.search(self.parts[-1]) is not None and not line.markup

    def goes_on_in(self, text: str) -> bool:
        """Whether a text without a code reads as more of the description."""
        if text[0].islower() or text[0] in "[(" or self.parts[-1][-1:] in ",;(-":
            return True
        return self.opened > 0 or UNFINISHED.search(self.parts[-1]) is not None


@dataclass(slots=True)
class Group:
    """A group while its rows are read; `system` is empty until a row tells it."""

    heading: str
    system: str
    stance: str
    open_list: bool
    scope: str | None
    scope_line: Line | None = None
    rows: list[CodeRow] = field(default_factory=list)


@dataclass(slots=True)
class Cells:
    """Lines of codes that wait for the line that has words."""

    lines: list[Line] = field(default_factory=list)
    spans: list[CodeSpan] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)


def system_by_shape(spans: Sequence[CodeSpan]) -> str:
    """The system that the first code looks like."""
    if not spans:
        return "other"
    if "." in spans[0].low:
        return "ICD-10-CM"
    return (systems_of(spans[0].low) or ("other",))[0]


def is_foreign(span: CodeSpan, system: str) -> bool:
    """Whether a diagnosis stands among procedures, or a procedure among diagnoses."""
    if system in ("CPT", "HCPCS", "CDT"):
        return "." in span.low
    return system == "ICD-10-CM" and re.fullmatch(r"\d{4}[0-9A-Z]", span.low) is not None


def last_code(span: CodeSpan) -> str:
    """A code as printed, with both kinds of `+`."""
    return ("+ " if span.add_on else "") + span.low + ("+" if span.seventh_character else "")


def is_subject(cell: Cell, rest: str) -> bool:
    """Whether the first word only looks like a category of diagnoses: "B12 deficiency:"."""
    if len(cell.spans) > 1 or len(cell.spans[0].high) > 3:
        return False
    return 0 < len(clean(rest).split()) <= 8 and ";" not in rest and "," not in rest
