"""Tables as markup states them: cells become lines of codes and words with a tab between."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from policies.reading import headings
from policies.reading.code_headings import is_group_heading
from policies.reading.lines import Line, Markup, clean, made

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_CODES_ONLY = re.compile(
    r"(?:\+ ?)?(?:\d{4}[0-9A-Z]|[A-Z]\d{4}|[A-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4})(?:\+|\b)[-–, .0-9A-Z+]*"
)
_MOST_ROWS_ASKED = 40
_MOST_COLUMNS = 40  # whose cells reach into the rows below


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, its lines apart, and how many columns and rows it spans."""

    text: str
    columns: int
    rows: int
    line: int

    @classmethod
    def of(cls, element: Any, text: str, line: int) -> "Cell":
        return cls(text, _span(element, "colspan"), _span(element, "rowspan"), line)


class Spans:
    """Cells that reach into the rows below them."""

    def __init__(self) -> None:
        self._reaching: dict[int, tuple[Cell, int]] = {}

    def filled(self, cells: Sequence[Cell]) -> list[Cell]:
        """The cells of a row, with those that reach into it from above."""
        own = deque(cells)
        row: list[Cell] = []
        column = 0
        while True:
            above = self._reaching.pop(column, None)
            if above:
                cell, left = above
            elif own:
                cell = own.popleft()
                left = cell.rows
            else:
                return row
            row.append(cell)
            if left > 1 and column < _MOST_COLUMNS:
                self._reaching[column] = cell, left - 1
            column += cell.columns


def _span(element: Any, name: str) -> int:
    written = element.get(name) or ""
    return int(written) if re.fullmatch("[0-9]{1,3}", written) else 1


def is_layout(table: Any) -> bool:
    """Whether a table only places the parts of a page: it holds titles or other tables."""
    found = table.iter("h1", "h2", "table")
    return any(one is not table for one in islice(found, 2))


def is_code_table(table: Any) -> bool:
    """Whether one of its first rows captions a table of codes, announces codes, or holds some."""
    for row in islice(table.iter("tr"), _MOST_ROWS_ASKED):
        cells = list(islice(row.iter("td", "th"), 4))
        texts = [clean(_BLANKS.sub(" ", "".join(cell.itertext()))) for cell in cells]
        text = clean(" ".join(texts))
        if text and (headings.is_code_caption(text) or is_group_heading(text)):
            return True
        # A break between two codes has no text of its own.
        if len(cells) > 1 and _CODES_ONLY.fullmatch(clean(" ".join(cells[0].itertext()))[:400]):
            return True
    return False


def row_lines(cells: Sequence[Cell], *, depth: int, is_code: bool) -> Iterator[Line]:
    """The lines of one row: one, or where a cell of codes has several lines, as many."""
    filled = [cell for cell in cells if clean(cell.text)]
    if not filled:
        return
    if not is_code:
        text = "\t".join(_joined(cell) for cell in filled)
        yield made(text, filled[0].line, markup=Markup(depth=depth))
        return
    if len(filled) == 1 and (len(cells) == 1 or filled[0].columns > 1):
        yield made(_joined(filled[0]), filled[0].line, markup=Markup(row="heading"))
        return
    codes, words = cells[0], "\t".join(_joined(cell) for cell in cells[1:] if clean(cell.text))
    parts = [part.strip(" ") for part in codes.text.split("\n") if clean(part)] or [""]
    for position, part in enumerate(parts):
        is_last = position + 1 == len(parts)
        text = f"{part}\t{words}" if is_last and words else part
        row = "cells" if position == 0 else "more"
        yield made(text, codes.line, markup=Markup(row=row))


def _joined(cell: Cell) -> str:
    return _BLANKS.sub(" ", cell.text).strip(" ")
