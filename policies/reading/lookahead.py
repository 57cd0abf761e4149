"""What a line is by those that follow it: the beginning of a part, a table, its columns."""

import re
from collections.abc import Sequence

from policies.reading import headings
from policies.reading.code_cells import read_cell
from policies.reading.code_headings import is_group_heading
from policies.reading.contents import has_mark
from policies.reading.lines import Line

_TABLE = re.compile(r"tables?( \w{1,4})?\.? ?:|table \w{1,4}\. ", re.IGNORECASE)


def names_part(lines: Sequence[Line], at: int) -> bool:
    """Whether the line there names a part that stands at the top of a bulletin."""
    if at >= len(lines):
        return False
    return headings.top_kind(lines[at].text) is not None or headings.is_code_caption(lines[at].text)


def begins_codes(line: Line, lines: Sequence[Line], at: int) -> bool:
    """Whether a heading of codes stands above codes."""
    if not is_group_heading(line.text):
        return False
    for one in lines[at : at + 4]:
        if not is_group_heading(one.text):
            cell = read_cell(one.raw, "CPT") or read_cell(one.raw, "ICD-10-CM")
            return cell is not None
    return False


def is_above_row(line: Line, lines: Sequence[Line], at: int) -> bool:
    """Whether a heading stands over a table of codes, as its subject or its stance."""
    if is_group_heading(line.text):
        return True
    for one in lines[at : at + 3]:
        if (one.markup and one.markup.row) or (one.text and is_group_heading(one.text)):
            return True
        if not one.level:
            return False
    return False


def is_caption(line: Line, lines: Sequence[Line], at: int) -> bool:
    """Whether a line is the caption of a table of codes, or the word `Table` above it."""
    if headings.is_code_caption(line.text):
        return True
    if not is_table_word(line.text):
        return False
    return any(
        headings.is_code_caption(one.text) or is_group_heading(one.text)
        for one in lines[at : at + 2]
        if one.text
    )


def is_table_word(text: str) -> bool:
    """Whether a line is the word above a caption, or the head of the column of codes."""
    return headings.stripped(text).casefold() in ("table", "code")


def heads_columns(lines: Sequence[Line], at: int) -> bool:
    """Whether the line there names the columns of a table: a caption stands above it."""
    return at > 0 and _TABLE.match(lines[at - 1].text) is not None


def introduces_list(line: Line, lines: Sequence[Line], at: int) -> bool:
    """Whether a line with a colon announces the list below it, and is no title."""
    if at >= len(lines) or not headings.introduces(line.text):
        return False
    markup = lines[at].markup
    return bool(markup and markup.style) or has_mark(lines[at])
