"""What wrapping and columns did to the lines of a code table, mended before they are read."""

import re
from collections.abc import Sequence
from dataclasses import replace

from policies.reading.code_cells import read_cell
from policies.reading.code_headings import LONGEST_HEADING, is_group_heading, is_legend, system_of
from policies.reading.code_rows import UNFINISHED
from policies.reading.descriptions import unmatched
from policies.reading.lines import Line

_BEGINS_HEADING = re.compile(r"(other |additional )?\S+ (\S+ ){0,2}?codes?\b", re.IGNORECASE)
_COLUMNS = re.compile(r"\S(?P<gap> {4,})\S")
_FEW = 3


def joined(lines: Sequence[Line]) -> tuple[list[Line], dict[int, list[Line]]]:
    """The lines, with headings and legends that were wrapped in one piece again.

    The second value has, by the identity of each such piece, the lines that it was made of.
    """
    made: list[Line] = []
    sources: dict[int, list[Line]] = {}
    for line in lines:
        if made and _completes(line, made[-1]):
            held = made.pop()
            whole = _with(held, line)
            sources[id(whole)] = [*sources.pop(id(held), [held]), line]
            made.append(whole)
        else:
            made.append(line)
    return made, sources


def _completes(line: Line, held: Line) -> bool:
    """Whether a line ends the heading or the legend that the one above began."""
    if line.follows_blank or line.markup or held.text[-1] in ":.":
        return False
    if len(held.text) + len(line.text) > LONGEST_HEADING or not is_begun(held.text):
        return False
    if is_group_heading(line.text) and line.text[0].isupper():
        return False
    if is_group_heading(held.text):  # it may stand as it is
        is_open = held.text[-1] in "-," or unmatched(held.text)[0] > 0
        is_open = is_open or UNFINISHED.search(held.text) is not None
        if not is_open and line.text[0].isupper():
            return False
    return read_cell(line.raw, "CPT", "ICD-10-CM") is None


def is_begun(text: str) -> bool:
    """Whether a text has the first words of a heading of codes, or of a legend."""
    if is_legend(text):
        return True
    return _BEGINS_HEADING.match(text) is not None and system_of(text) is not None


def _with(held: Line, line: Line) -> Line:
    blank = "" if held.text.endswith("-") else " "
    return replace(
        held,
        text=held.text + blank + line.text,
        raw=held.raw + blank + line.raw,
        precedes_blank=line.precedes_blank,
    )


def column_of(lines: Sequence[Line]) -> int:
    """Where descriptions begin in a table printed in columns, 0 in any other.

    There, blanks before a description part it from its codes and indent nothing.
    """
    places = []
    for line in lines:
        found = _COLUMNS.search(line.raw) if "    " in line.raw else None
        if found and not line.markup and "\u00a0" not in line.raw[: found.end()]:
            places.append(found.end() - 1 + line.indent)
    if len(places) <= _FEW:
        return 0
    first = min(places)
    return first if 2 * sum(one <= first + 1 for one in places) > len(places) else 0
