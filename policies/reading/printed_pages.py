"""What a printer adds to a page: headers, footers and page numbers in the middle of the text.

Only what is certain is taken out: numbers that count the pages, and lines that are the same
beside several of them. It is reported, and a sentence or a row that it cut is joined again.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from policies.reading import headings
from policies.reading.code_headings import is_group_heading, is_legend
from policies.reading.document import NotUnderstood
from policies.reading.lines import Line

_PAGE = re.compile(
    r"(?:^|[\s|])page (?P<page>\d{1,4})(?: ?(?:of|/) ?\d{1,4})?\W*$"
    r"|^page (?P<first>\d{1,4}) ?(?:of|/) ?\d{1,4}\b"
    r"|^https?://\S+ (?P<address>\d{1,4})/\d{1,4}$"
    r"|^(?P<bare>\d{1,3}) ?(?:of|/) ?\d{1,3}$",
    re.IGNORECASE,
)
_LONGEST = 160
_REACH = 3  # lines of a header or footer beside the page's number
_SENTENCE_END = ".:;!?"


def without_page_marks(lines: Sequence[Line]) -> tuple[list[Line], list[NotUnderstood]]:
    """The lines without headers and footers, and those as lines not understood."""
    marks = _numbered(lines)
    if len(marks) < 2:
        return list(lines), []
    taken = set(marks)
    for step in (-1, 1):
        taken |= _repeated(lines, marks, step)
    kept = [position for position in range(len(lines)) if position not in taken]
    reports = [
        NotUnderstood(lines[at].number, lines[at].text, "a page's header or footer, or its number")
        for at in sorted(taken)
    ]
    return list(_joined(lines, kept)), reports


def _numbered(lines: Sequence[Line]) -> list[int]:
    """Where pages are numbered: lines that differ only in a number that rises."""
    found: dict[str, list[tuple[int, int]]] = {}
    for position, line in enumerate(lines):
        mark = _PAGE.search(line.text) if len(line.text) <= _LONGEST else None
        if mark:
            start, end = mark.span(mark.lastgroup or 0)
            around = f"{line.text[:start]}#{line.text[end:]}"
            found.setdefault(around, []).append((int(line.text[start:end]), position))
    rising = [ones for ones in found.values() if len(ones) > 1 and ones == sorted(set(ones))]
    return sorted(position for ones in rising for _, position in ones)


def _repeated(lines: Sequence[Line], marks: Iterable[int], step: int) -> set[int]:
    """Lines on one side of the page numbers that are the same beside at least two of them."""
    taken: set[int] = set()
    places = set(marks)
    # The first page has no number above it, and the last may have none below.
    edge = -1 if step > 0 else len(lines)
    for _ in range(min(_REACH, len(lines))):
        places = {at + step for at in places if 0 <= at + step < len(lines)}
        edge += step
        counts = Counter(lines[at].text for at in {*places, edge})
        places = {at for at in places if counts[lines[at].text] > 1 and _may_repeat(lines[at])}
        taken |= places
    return taken


def _may_repeat(line: Line) -> bool:
    """Heads of tables are repeated too, and they are the table's to tell."""
    text = line.text
    if len(text) > _LONGEST or headings.is_code_caption(text) or headings.top_kind(text):
        return False
    return not (is_group_heading(text) or is_legend(text))


def _joined(lines: Sequence[Line], kept: Sequence[int]) -> Iterable[Line]:
    for before, at, after in zip([-1, *kept], kept, [*kept[1:], len(lines)], strict=False):
        line = lines[at]
        if before >= 0 and before + 1 < at and _goes_on(lines[before], line):
            line = replace(line, follows_blank=False)
        if after < len(lines) and at + 1 < after and _goes_on(line, lines[after]):
            line = replace(line, precedes_blank=False)
        yield line


def _goes_on(line: Line, following: Line) -> bool:
    return line.text[-1] not in _SENTENCE_END and following.text[0].islower()
