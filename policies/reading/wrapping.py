"""Text that a printer or a viewer has wrapped, and that came without a single blank line.

There, no blank line says which lines are headings, and no indent what belongs to an item. A line
goes on in the next where the printer had no room for the next word, or where the words cannot
begin anything; every other line stands alone.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from policies.reading import headings
from policies.reading.code_cells import read_cell
from policies.reading.code_headings import is_group_heading, is_legend
from policies.reading.contents import has_mark
from policies.reading.lines import Line
from policies.reading.marks import NUMBER, begins_foot
from policies.reading.services import service_of
from policies.reading.table_lines import is_begun

_WIDEST = 160  # characters; where lines are longer, each is a paragraph
_FEW = 12
_FULL = 0.85  # of the width: letters are not of one width in print
_ENDS = ".:;!?"


def is_dense(lines: Sequence[Line]) -> bool:
    """Whether no blank line stands between the lines, and none is as long as a paragraph."""
    if len(lines) < _FEW or lines[-1].number - lines[0].number + 1 != len(lines):
        return False
    return sorted(len(line.text) for line in lines)[len(lines) * 49 // 50] <= _WIDEST


def rejoined(lines: Sequence[Line]) -> list[Line]:
    """The lines, each with what is known of how it goes on from the one above."""
    width = sorted(len(line.text) for line in lines)[len(lines) * 19 // 20]
    goes_on = [False, *_follow(lines, width)]
    return [
        replace(line, goes_on=one, follows_blank=not one, precedes_blank=not after)
        for line, one, after in zip(lines, goes_on, [*goes_on[1:], False], strict=True)
    ]


def _follow(lines: Sequence[Line], width: int) -> Iterator[bool]:
    """For each line but the first, whether it goes on from the one above."""
    part, is_on = "", False
    times = Counter(line.text for line in lines)  # the contents list names headings
    for line, following, after in zip(lines, lines[1:], [*lines[2:], None], strict=False):
        part = _part(line) or part
        if _stands(line) or _begins(following) or max(times[line.text], times[following.text]) > 1:
            is_on = False
            yield is_on
        elif part == "codes":
            yield _goes_on_in_table(line, following, after)
        else:
            is_reference = part == "references" and (is_on or has_mark(line))
            is_on = _goes_on(line, following, width, is_reference=is_reference)
            yield is_on


def _part(line: Line) -> str:
    if headings.is_code_caption(line.text) or is_group_heading(line.text):
        return "codes"
    return headings.top_kind(line.text) or ""


def _stands(line: Line) -> bool:
    """Whether nothing goes on from a line, by its words."""
    text = line.text
    if headings.top_kind(text) or headings.is_code_caption(text) or NUMBER.fullmatch(text):
        return True
    return headings.is_plain_heading(text)


def _begins(line: Line) -> bool:
    """Whether a line cannot go on from the one above."""
    text = line.text
    if _stands(line) or has_mark(line) or is_group_heading(text) or is_legend(text):
        return True
    return begins_foot(text) or re.match(r"notes?\b ?\d*:", text, re.IGNORECASE) is not None


def _goes_on(line: Line, following: Line, width: int, *, is_reference: bool) -> bool:
    if following.text[0].islower():
        return True
    if line.text[-1] in _ENDS:
        return False
    first_word = following.text.split()[0]
    return is_reference or len(line.text) + len(first_word) + 1 > _FULL * width


def _goes_on_in_table(line: Line, following: Line, after: Line | None) -> bool:
    text = following.text
    if read_cell(following.raw, "CPT", "ICD-10-CM", "ICD-10-PCS"):
        return False
    if text[0].islower() or text[0] in "([":
        return True
    if is_begun(line.text):
        return line.text[-1] not in ":."
    is_subject = text.endswith(":") or (after is not None and is_group_heading(after.text))
    return not is_subject and service_of(text) is None
