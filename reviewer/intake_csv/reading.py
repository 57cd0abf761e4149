"""Read a CSV file of requests. Nothing is guessed: what is not clear is said, with its place."""

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from typing import Final

from reviewer.intake_csv.columns import OF_LINE, REFERENCE, WRONG, faults_of, name_of

MOST_BYTES: Final = 4 * 1024**2
TOO_LARGE: Final = f"The file has more than {MOST_BYTES // 1024**2} MB. Divide it."
MOST_REQUESTS: Final = 2_000
LONGEST_REFERENCE: Final = 60
SPREADSHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
SEPARATOR: Final = re.compile(r"sep=([,;])\s*", re.I)
GUARDED: Final = re.compile(r"'(?=[=+\-@\t\r])")  # so that a spreadsheet takes it for no formula


class NotRequests(Exception):
    """The file cannot be taken as a whole: a sentence for each thing to mend."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row, counted as a spreadsheet counts: the first line is 1."""

    line: int
    column: str  # empty: the row as a whole
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the spreadsheet: one service line."""

    number: int
    cells: dict[str, str]
    text: str  # as it stood in the file
    is_too_long: bool = False


@dataclass(frozen=True)
class Row:
    """A request: the lines that have its reference."""

    reference: str
    lines: tuple[Line, ...]

    @property
    def number(self) -> int:
        return self.lines[0].number

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)

    @cached_property
    def cells(self) -> dict[str, str]:
        """What the request has once, from the first line that says it."""
        found: dict[str, str] = {}
        for line in self.lines:
            for name, cell in line.cells.items():
                if cell and name not in OF_LINE:
                    found.setdefault(name, cell)
        return found

    @cached_property
    def sha256(self) -> str:
        """The same for the same words, whatever the order of columns and the mark between them."""
        said = [{name: cell for name, cell in line.cells.items() if cell} for line in self.lines]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def line_of(self, column: str) -> int:
        """The line that says what a column holds for the request; its first where none does."""
        return next((one.number for one in self.lines if one.cells.get(column)), self.number)

    @property
    def faults(self) -> Iterator[Fault]:
        if not self.reference:
            yield Fault(self.number, REFERENCE, "Nothing is entered: give the request a number.")
        if len(self.reference) > LONGEST_REFERENCE:
            yield Fault(self.number, REFERENCE, f"It is longer than {LONGEST_REFERENCE} letters.")
        for line in self.lines:
            if line.is_too_long:
                words = "It has more cells than the first line names columns. Put text that holds"
                yield Fault(line.number, "", f"{words} the separator between quotation marks.")
            yield from self._contradictions(line)

    def _contradictions(self, line: Line) -> Iterator[Fault]:
        for name, cell in line.cells.items():
            if cell and name not in OF_LINE and cell != self.cells[name]:
                yield Fault(
                    line.number,
                    name,
                    f"Line {self.line_of(name)} of the same request says otherwise. Make them the"
                    " same, or leave this one empty.",
                )


def read_requests(data: bytes) -> list[Row]:
    """The requests of a file, in the order of their first lines. Raises NotRequests."""
    lines = list(_lines(_text(data)))
    grouped: dict[str, list[Line]] = {}
    for line in lines:
        reference = line.cells[REFERENCE]
        # Without one a line stands alone: two such lines are not one request.
        grouped.setdefault(reference or f"\0{line.number}", []).append(line)
    if not grouped:
        raise NotRequests("The file names its columns and holds no request. Choose another one.")
    if len(grouped) > MOST_REQUESTS:
        raise NotRequests(
            f"The file holds {len(grouped):,} requests; {MOST_REQUESTS:,} go at a time. Divide it."
        )
    return [Row(some[0].cells[REFERENCE], tuple(some)) for some in grouped.values()]


def _lines(text: str) -> Iterator[Line]:
    """Every line that is not empty; quoted line breaks are within a line."""
    physical = list(StringIO(text, newline=""))
    delimiter, begins = _delimiter(physical)
    reader = csv.reader(physical[begins:], delimiter=delimiter, strict=True)
    names: list[str] = []
    number, read = 0, 0
    try:
        for cells in reader:
            number += 1
            raw = "".join(physical[begins + read : begins + reader.line_num])
            read = reader.line_num
            stripped = [GUARDED.sub("", cell.strip(), count=1) for cell in cells]
            if not any(stripped):
                continue
            if not names:
                names = _names(stripped)
            else:
                yield _line(number, names, stripped, raw)
    except csv.Error as error:
        raise NotRequests(
            f"Line {number + 1:,} cannot be read: a quotation mark is not closed, or text follows"
            " it. Save the file again as “CSV UTF-8”."
        ) from error
    if not names:
        raise NotRequests("The file is empty. Choose the one that holds the requests.")


def _line(number: int, names: list[str], cells: list[str], raw: str) -> Line:
    held = {
        name: cell
        for name, cell in zip(names, [*cells, *[""] * len(names)], strict=False)
        if name and name != WRONG
    }
    return Line(number, held, raw, is_too_long=any(cells[len(names) :]))


def _delimiter(lines: list[str]) -> tuple[str, int]:
    """The mark between cells, and how many lines only say it, as spreadsheets write `sep=;`."""
    if lines and (told := SEPARATOR.fullmatch(lines[0])):
        return told[1], 1
    first = next((line for line in lines if line.strip()), "")
    return max(",;", key=first.count), 0


def _names(cells: list[str]) -> list[str]:
    names = [name_of(cell) for cell in cells]
    if faults := faults_of(names):
        raise NotRequests(*faults)
    return names


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise NotRequests(TOO_LARGE)
    if data.startswith(SPREADSHEETS):
        raise NotRequests("This is a spreadsheet. Save it as “CSV UTF-8”, and choose that file.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise NotRequests(
            f"Line {line:,} is not written in UTF-8. Save the file as “CSV UTF-8”."
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise NotRequests(f"Line {line:,} holds a character that is no text. Save the file anew.")
    return text
