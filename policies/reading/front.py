"""The head of a bulletin: its title, its number, and what stands around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from policies.reading import headings
from policies.reading.lines import Line
from policies.reading.marks import NUMBER

_TITLE_PREFIX = re.compile(r"(medical )?clinical policy bulletin ?: ?(?=\S)", re.IGNORECASE)
_PAGE_BUTTONS = {"print", "share", "email", "close", "save", "menu", "search", "back", "download"}
_NEAR = 20  # lines
_PAGES_OWN = "it stands before the bulletin and is taken for the page's own"


@dataclass(slots=True)
class Front:
    """Number and title, the title's line, and the lines around them with what they are."""

    number: str = ""
    title: str = ""
    title_line: Line | None = None
    around: list[tuple[Line, str]] = field(default_factory=list)


def read_front(lines: Sequence[Line], number_at: int) -> tuple[Front, int]:
    """The head, and where the lines after it begin; `number_at` is `marks.number_line`'s."""
    front = Front()
    found = NUMBER.fullmatch(lines[number_at].text)
    assert found is not None
    at = number_at + 1
    reason = "there are words after the bulletin's number"
    if found[1]:
        front.number = found[1]
        after = [(lines[number_at], reason)] if found[2] else []
    else:
        front.number = lines[at].text
        after = []
        at += 1
    title_at = _title_at(lines, number_at, at)
    if title_at is not None:
        front.title_line = lines[title_at]
        front.title = _TITLE_PREFIX.sub("", lines[title_at].text, count=1)
    before = [line for line in lines[:number_at] if line is not front.title_line and line.text]
    front.around = [*((line, _PAGES_OWN) for line in before), *after]
    return front, at


def _title_at(lines: Sequence[Line], number_at: int, after: int) -> int | None:
    """A heading of the first level; else the line above the number, or where none is, below it."""
    near: list[int] = [*range(number_at - 1, -1, -1), *range(after, min(after + _NEAR, len(lines)))]
    for position in near:
        if lines[position].level == 1 and not headings.top_kind(lines[position].text):
            return position
    above = number_at - 1
    while above >= 0 and _is_pages_own(lines[above].text):
        above -= 1
    if above >= 0:
        return above
    if after < len(lines) and lines[after].text and not headings.top_kind(lines[after].text):
        return after
    return None


def _is_pages_own(text: str) -> bool:
    """A button, or names of pages with bars between them."""
    return text.casefold() in _PAGE_BUTTONS or "|" in text
