"""A file read with some of its lines in other words; the file itself stays as it came.

A mend names its line by number and by the words that stand there, so it holds also where a page's
markup has many blocks on one line. Reports keep the numbers of the file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from policies.reading import html, read
from policies.reading.document import Document
from policies.reading.html_source import is_html
from policies.reading.lines import Line, clean, decode, made, raw_lines
from policies.reading.source_lines import SourceLine
from policies.reading.text import read_lines
from policies.reading.tracing import Words

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class LineMend:
    """What is read in the place of one line; line breaks in `after` make several of it."""

    line: int
    before: str  # SourceLine.raw
    after: str
    is_set_aside: bool = False


def newest(mends: Iterable[LineMend]) -> dict[Key, LineMend]:
    """The last mend of each line, those left out that only take an earlier one back."""
    last = {(one.line, one.before): one for one in mends}
    return {key: one for key, one in last.items() if one.is_set_aside or one.after != one.before}


def read_mended(data: bytes, *, name: str = "", mends: Iterable[LineMend]) -> Document:
    """Read a file as mended; later mends of a line count. Raises NotABulletin like `read`."""
    counting = newest(mends)
    if not counting:
        return read(data, name=name)
    text = decode(data)
    if is_html(text):
        page = html.lines_of(text)
        return read_lines(_mended_lines(page.lines, counting), stated=page.stated)
    lines, numbers = mended_text(text, counting)
    return _renumbered(read("\n".join(lines).encode()), numbers)


def mended_text(text: str, counting: Mapping[Key, LineMend]) -> tuple[list[str], list[int]]:
    """The lines of a text as mended, and for each the number of its line in the file."""
    lines: list[str] = []
    numbers: list[int] = []
    for number, raw in enumerate(raw_lines(text), start=1):
        mend = counting.get((number, raw))
        if mend and mend.is_set_aside:
            continue
        for line in raw_lines(mend.after) if mend else (raw,):
            lines.append(line)
            numbers.append(number)
    return lines, numbers


def as_read(lines: Iterable[SourceLine], mends: Iterable[LineMend]) -> list[Words]:
    """The lines of a source in the words in which they are read, for their trace."""
    counting = newest(mends)
    found = []
    for line in lines:
        mend = counting.get((line.number, line.raw))
        if mend is None:
            found.append(Words(line, line.text))
        else:
            text = "\n".join(map(clean, raw_lines(mend.after)))
            found.append(Words(line, text, is_set_aside=mend.is_set_aside))
    return found


def _mended_lines(lines: Sequence[Line], counting: Mapping[Key, LineMend]) -> list[Line]:
    found = []
    for line in lines:
        mend = counting.get((line.number, line.raw))
        if mend is None:
            found.append(line)
        elif not mend.is_set_aside:
            found += _parted(line, mend.after)
    return found


def _parted(line: Line, after: str) -> list[Line]:
    """The lines of a mend: the first keeps the mark of its item, the others go on in it."""
    assert line.markup is not None
    found: list[Line] = []
    for raw in raw_lines(after):
        if clean(raw):
            markup = line.markup if not found else replace(line.markup, style="", marker="")
            found.append(made(raw, line.number, markup=markup))
    return found


def _renumbered(document: Document, numbers: Sequence[int]) -> Document:
    doubts = tuple(replace(one, line=numbers[one.line - 1]) for one in document.not_understood)
    return replace(document, not_understood=doubts)
