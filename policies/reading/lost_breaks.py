"""Lines that hold several parts of a bulletin, as when a page is printed to text.

Breaks come back where the words are certain: captions, headings of codes, the contents list, the
box of dates, rows of codes, numbered references. Lists of statements are not told apart: which
number stands at which depth cannot be known, so that text stays whole, and every restored line
is reported to be compared with its source.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from policies.reading import headings
from policies.reading.code_cells import read_cell
from policies.reading.code_headings import is_group_heading, shapes_of
from policies.reading.document import NotUnderstood
from policies.reading.lines import Line, clean

_SHORTEST = 200
_DAY = r"(?:\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d)"
_MARKS = re.compile(
    r"\b(?:"
    r"(?P<number>Number:\s*\d{1,4}\b)"
    r"|(?P<contents>Table [Oo]f Contents)\b"
    r"|(?P<heading>Scope of Policy)\b"
    r"|(?P<caption>Table:(?= CPT)|CPT Codes(?: / [A-Z][\w-]+ Codes)+"
    r"|Code Code Description)\b"
    r"|(?P<legend>Information in the \[brackets\] below[^.:]{0,120}[.:]"
    r"|Codes requiring a 7th character[^:]{0,80}:)"
    r"|(?P<group>(?:Other )?(?:CPT|HCPCS|ICD-?10(?:-CM|-PCS)?|CDT) codes? "
    r"(?:not )?(?:covered|related|contraindicated|considered)\b[^:.\[\]]{0,150}?:)"
    r"|(?P<dates>(?:Policy History\s+)?Last Review(?:ed)?:?\s+" + _DAY + r"\s+Effective:?\s+"
    + _DAY + r"(?:\s+Next Review:?\s+" + _DAY + r")?)"
    r"|(?P<references>References (?=[A-Z][^.:]{0,120}: 1\. |1\. ))"
    r")"
)  # fmt: skip
_ENTRY = re.compile(
    r"\s*(Policy(?! History)|Applicable [A-Z][^.]{0,60}? Codes|Background|References|Appendix"
    r"|Brand Selection|Dosage and Administration|Experimental, Investigational, or Unproven)"
    r"(?=\s|$)"
)
_AFTER_CODES = re.compile(r"(?<=\S) (Background|Appendix|References)(?= [A-Z(])")
_CODE = re.compile(
    r"(?:(?<=\s)|^)(?:\+\s*)?[A-Z]?\d[0-9A-Z]{1,5}(?:\.[0-9A-Zx]{1,4})?\+?(?=[\s,-])"
)
_REFERENCE = re.compile(r"(?:^|(?<=\s))(\d{1,3})\. (?=[A-Z])")
_LONGEST_CELL = 2000
_REFERS = re.compile(r"(?:\b(?:with|and|or|to|codes?|see|than|for|of|through)|[,(/–-])\s*$", re.I)
_REASON = (
    "this line had lost its breaks: rows and references are told apart by their codes and "
    "numbers, lists are not; compare with the source"
)


def restored(lines: Sequence[Line]) -> tuple[list[Line], list[NotUnderstood]]:
    """The lines with the breaks that are certain, and a report of each that had lost them."""
    made: list[Line] = []
    reports = []
    for line in lines:
        pieces = list(_pieces(line)) if len(line.text) >= _SHORTEST else []
        if len(pieces) < 2:
            made.append(line)
            continue
        reports.append(NotUnderstood(line.number, line.text[:_SHORTEST] + "…", _REASON))
        made += pieces
    return made, reports


def _pieces(line: Line) -> Iterator[Line]:
    marks = list(_MARKS.finditer(line.raw))
    if len(marks) < 2 and not any(mark["dates"] or mark["group"] for mark in marks):
        return
    kind, end = "", 0
    shapes: tuple[str, ...] = ()
    for mark in marks:
        yield from _between(line, line.raw[end : mark.start()], kind, shapes)
        kind, end = mark.lastgroup or "", mark.end()
        shapes = shapes_of(mark[0]) if kind == "group" else ()
        yield from _dated(line, mark[0]) if kind == "dates" else _alone(line, mark[0])
    yield from _between(line, line.raw[end:], kind, shapes)


def _between(line: Line, text: str, kind: str, shapes: tuple[str, ...]) -> Iterator[Line]:
    """What follows a mark of a kind."""
    if not clean(text):
        return
    if kind == "contents":
        yield from _entries(line, text)
    elif kind == "group":
        closing = _AFTER_CODES.search(text)
        rows = text[: closing.start()] if closing else text
        yield from _rows(line, rows, shapes)
        if closing:
            yield from _alone(line, closing[0])
            yield from _whole(line, text[closing.end() :])
    elif kind == "references":
        yield from _numbered(line, text)
    else:
        yield from _whole(line, text)


def _alone(line: Line, text: str) -> Iterator[Line]:
    if clean(text):
        yield _made(line, text, apart=True)


def _whole(line: Line, text: str) -> Iterator[Line]:
    """Prose, with the heading `Policy` or `Background` that may end it before the next mark."""
    words = clean(text)
    closing = re.search(r"(?<=[.)]) (Policy|Background)$", words)
    yield from _alone(line, words[: closing.start()] if closing else words)
    if closing:
        yield from _alone(line, closing[1])


def _dated(line: Line, text: str) -> Iterator[Line]:
    for part in re.split(r"(?=Last Review)|(?=Effective)|(?=Next Review)", text):
        yield from _alone(line, part)


def _entries(line: Line, text: str) -> Iterator[Line]:
    end = 0
    while found := _ENTRY.match(text, end):
        yield from _alone(line, found[1])
        end = found.end()
    yield from _whole(line, text[end:])


def _rows(line: Line, text: str, shapes: tuple[str, ...]) -> Iterator[Line]:
    starts = [0]
    end = asked = depth = 0
    for found in _CODE.finditer(text):
        at = found.start()
        depth += _opened(text[asked:at])
        asked = at
        if at < end or depth > 0 or _REFERS.search(text[max(starts[-1], at - 20) : at]):
            continue  # inside a cell or brackets, or the words before only refer to it
        cell = read_cell(text[at : at + _LONGEST_CELL], *shapes)
        if cell is None:
            continue
        end = at + cell.end
        rest = text[end : end + _SHORTEST].lstrip()
        if rest[:1].isupper() or rest[:1] == "[" or cell.spans[0].add_on:
            starts.append(at)
            depth = 0
    for first, last in zip(starts, [*starts[1:], len(text)], strict=True):
        if clean(text[first:last]):
            yield _made(line, text[first:last], apart=False)


def _opened(text: str) -> int:
    return text.count("[") + text.count("(") - text.count("]") - text.count(")")


def _numbered(line: Line, text: str) -> Iterator[Line]:
    starts = [0]
    for found in _REFERENCE.finditer(text):
        if int(found[1]) == len(starts):
            starts.append(found.start())
    for first, last in zip(starts, [*starts[1:], len(text)], strict=True):
        yield from _alone(line, text[first:last])


def _made(line: Line, text: str, *, apart: bool) -> Line:
    raw = text.strip(" \t")
    words = clean(raw)
    is_heading = apart and (len(words) < 200 or headings.is_code_caption(words))
    stands = is_heading or is_group_heading(words)
    return replace(line, text=words, raw=raw, follows_blank=stands, precedes_blank=stands)
