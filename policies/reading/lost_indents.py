"""Lists that have lost their indents: the style of a mark tells the depth of its item.

Printed lists are numbered I, A, 1, a, i; a style that is new begins a list inside the item above,
one that is open goes on with its own list.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from policies.reading import headings
from policies.reading.contents import has_mark
from policies.reading.lines import Line
from policies.reading.lists import LETTERED_OR_NUMBERED, MAX_DEPTH, letter_styles
from policies.reading.marks import NUMBER

_STEP = 2
_ROMAN = re.compile(r"I[.)] ")
_OPEN_END = re.compile(r"[;.,]\s*(?:and/or|and|or)?$", re.IGNORECASE)


def restored(lines: Sequence[Line]) -> list[Line]:
    """The lines, those of the policy with indents, if its printed I, A, 1 stand at the margin."""
    first, last = _policy(lines)
    marked = [line for line in lines[first:last] if has_mark(line)]
    if any(line.indent for line in marked) or not any(_ROMAN.match(one.text) for one in marked):
        return list(lines)
    indents = _Indents()
    middle = [indents.of(line) for line in lines[first:last]]
    return [*lines[:first], *middle, *lines[last:]]


def _policy(lines: Sequence[Line]) -> tuple[int, int]:
    """From the last heading `Policy` to the table of codes or the part that follows."""
    starts = [at for at, line in enumerate(lines) if line.text.rstrip(" :") == "Policy"]
    first = starts[-1] + 1 if starts else len(lines)
    for at in range(first, len(lines)):
        if headings.top_kind(lines[at].text) or headings.is_code_caption(lines[at].text):
            return first, at
    return first, len(lines)


class _Indents:
    def __init__(self) -> None:
        self._styles: list[tuple[str, int]] = []  # of the open items, with their ordinals
        self._item = ""  # the words of the line above, if it begins an item
        self._above = ""  # its words, whatever it is

    def of(self, line: Line) -> Line:
        """The line with the indent of its place."""
        indent = self._indent(line)
        self._above = line.text
        return replace(line, indent=indent)

    def _indent(self, line: Line) -> int:
        if line.goes_on:
            return line.indent
        if has_mark(line) and self._place(line.text):
            self._item = line.text
            return _STEP * len(self._styles)
        if self._is_heading(line) or NUMBER.fullmatch(line.text):
            self._styles = []
        elif self._item and _OPEN_END.search(self._item) and len(self._styles) > 1:
            self._styles.pop()  # an item that is over; the text belongs to the one around it
        self._item = ""
        return _STEP * len(self._styles) + 1 if self._styles else 0

    def _is_heading(self, line: Line) -> bool:
        text = line.text
        if headings.is_plain_heading(text):
            return True
        # Right below an item stands its own text.
        return not self._item and line.is_bare and headings.can_be_heading(text)

    def _place(self, text: str) -> bool:
        """Open the item that a mark begins; False where no item of that number is due."""
        found = _styles_of(text)
        for at in range(len(self._styles) - 1, -1, -1):
            style, ordinal = self._styles[at]
            if (style, ordinal + 1) in found or (style, 0) in found:
                self._styles[at:] = [one for one in found if one[0] == style]
                return True
        firsts = [one for one in found if one[1] < 2]
        if not firsts:
            return False
        open_styles = [style for style, _ in self._styles]
        if firsts[0][0] in open_styles and not self._above.endswith(":"):
            del self._styles[open_styles.index(firsts[0][0]) :]
        del self._styles[MAX_DEPTH - 1 :]
        self._styles.append(firsts[0])
        return True


def _styles_of(text: str) -> list[tuple[str, int]]:
    found = LETTERED_OR_NUMBERED.match(text)
    if found is None:
        return [(text[0], 0)]  # a bullet
    if found[1]:
        return [("decimal", int(found[1]))]
    return letter_styles(found[2])
