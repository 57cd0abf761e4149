"""A page's HTML as lines: each knows from the markup what text leaves to be inferred.

Headings keep their level, list items their depth and number, rows of tables their cells. The
lines then go the way of all others: the parts of a bulletin are told by the same words.
"""

import re
from dataclasses import dataclass
from time import thread_time
from typing import Any

from lxml import etree

from policies.reading import headings
from policies.reading.html_lists import ListMark, bullet_or_number
from policies.reading.html_source import (
    MAX_SECONDS,
    is_ignored,
    parsed,
    stated,
    too_slow,
    without_text,
)
from policies.reading.html_tables import Cell, Spans, is_code_table, is_layout, row_lines
from policies.reading.lines import MAX_LINES, Line, Markup, clean, made, too_many_lines

_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "form", "header", "hr",
    "html", "legend", "main", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr",
}  # fmt: skip
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_BOLD = {"b", "strong"}
_BLANKS = re.compile(r"[ \t\n\r\f]+")


@dataclass(slots=True)
class Page:
    """The lines of a page, and what its head states by name: `effective`, `lastReviewed`."""

    lines: list[Line]
    stated: list[tuple[str, str, int]]


def lines_of(text: str) -> Page:
    """The lines of a page. Raises NotABulletin for one that is too large, deep or slow."""
    root = parsed(text)
    reader = _PageReader(has_headings=next(root.iter("h2", "h3", "h4"), None) is not None)
    lines = reader.read(root)
    if not lines:
        raise without_text()
    return Page(lines, list(stated(root)))


class _PageReader:
    """Goes through a page's elements once; blocks become lines when they end."""

    def __init__(self, *, has_headings: bool) -> None:
        self._has_headings = has_headings
        self._lines: list[Line] = []
        self._pieces: list[str] = []
        self._has_words = False
        self._source_line = 1
        self._level = 0
        self._bold = 0
        self._plain = 0  # characters of the block that are not bold
        self._pre = 0
        self._lists: list[ListMark] = []
        self._tables: list[bool | None] = []  # of codes, of other data, or None for layout
        self._row: list[Cell] = []
        self._spans = Spans()
        self._cells = 0  # how many cells of data are open

    def read(self, root: Any) -> list[Line]:
        began = thread_time()
        walker = etree.iterwalk(root, events=("start", "end"))
        for count, (event, element) in enumerate(walker):
            if count % 4096 == 0:
                if thread_time() - began > MAX_SECONDS:
                    raise too_slow()
                if len(self._lines) > MAX_LINES:
                    raise too_many_lines()
            if event == "end":
                if not is_ignored(element):
                    self._end(element)
                self._add(element.tail, element)
            elif is_ignored(element):
                walker.skip_subtree()
            else:
                self._start(element)
                self._add(element.text, element)
        self._flush()
        return self._lines

    def _add(self, text: str | None, element: Any) -> None:
        if not text:
            return
        if self._pre and not self._cells:
            *whole, text = text.split("\n")
            for one in whole:
                self._pieces.append(one)
                self._flush()
        if not text.isspace():
            if not self._has_words:
                self._source_line = element.sourceline or self._source_line
            self._has_words = True
            if not self._bold:
                self._plain += 1
        self._pieces.append(_BLANKS.sub(" ", text))

    def _start(self, element: Any) -> None:
        tag = element.tag
        if tag in _BOLD:
            self._bold += 1
        elif tag == "br":
            self._break()
        elif self._cells and tag not in ("td", "th", "tr", "table"):
            if tag in _BLOCKS or tag == "li" or _level(tag):
                self._break()
        elif tag in ("ol", "ul"):
            self._open_item()
            self._lists.append(ListMark(element, len(self._lists)))
        elif tag == "li":
            self._flush()
            if not self._lists:
                self._lists.append(ListMark(None, 0))
            self._lists[-1].begin(element)
        elif _level(tag):
            self._flush()
            self._level = _level(tag)
        elif tag in _BLOCKS:
            self._start_block(element)

    def _start_block(self, element: Any) -> None:
        tag = element.tag
        if tag == "table":
            if not self._cells:
                self._flush()
            kind = None if is_layout(element) else is_code_table(element)
            self._tables.append(kind)
            self._spans = Spans()
        elif self._in_data() and tag == "tr":
            self._row = []
        elif self._in_data() and tag in ("td", "th"):
            self._flush()
            self._cells += 1
            self._source_line = element.sourceline or self._source_line
        else:
            self._flush()
            self._pre += tag == "pre"

    def _end(self, element: Any) -> None:
        tag = element.tag
        if tag in _BOLD:
            self._bold -= 1
        elif self._cells and tag not in ("td", "th", "tr", "table"):
            if tag in _BLOCKS or tag == "li" or _level(tag):
                self._break()
        elif tag in ("ol", "ul"):
            self._open_item()
            if self._lists:
                self._lists.pop()
        elif tag == "li":
            self._flush()
            if self._lists:
                self._lists[-1].end()
        elif _level(tag):
            self._flush()
            self._level = 0
        elif tag in _BLOCKS:
            self._end_block(element)

    def _end_block(self, element: Any) -> None:
        tag = element.tag
        if tag == "table":
            self._flush()
            if self._tables:
                self._tables.pop()
        elif self._in_data() and tag in ("td", "th") and self._cells:
            self._cells -= 1
            self._row.append(Cell.of(element, self._taken(), self._source_line))
        elif self._in_data() and tag == "tr":
            is_code = self._tables[-1] is True
            depth = 0 if is_code else self._depth()
            self._lines += row_lines(self._spans.filled(self._row), depth=depth, is_code=is_code)
            self._row = []
        else:
            self._flush()
            self._pre -= tag == "pre"

    # Blocks

    def _in_data(self) -> bool:
        return bool(self._tables) and self._tables[-1] is not None

    def _depth(self) -> int:
        if not self._lists:
            return 0
        return len(self._lists) - (not self._lists[-1].is_open)

    def _break(self) -> None:
        if self._cells:
            self._pieces.append("\n")
        elif self._level:
            self._pieces.append(" ")
        else:
            self._flush()

    def _taken(self) -> str:
        text = "".join(self._pieces)
        self._pieces, self._plain, self._has_words = [], 0, False
        return text

    def _open_item(self) -> None:
        """An item may begin with a nested list and have no words of its own."""
        self._flush()
        mark = self._lists[-1].taken() if self._lists else None
        if mark:
            self._lines.append(made("", self._source_line, markup=bullet_or_number(mark)))

    def _flush(self) -> None:
        if self._cells:
            self._break()
            return
        is_bold = self._plain == 0
        text = self._taken().strip(" \n")
        if not clean(text):
            return
        if self._level and self._lists and _opens_part(clean(text)):
            self._lists.clear()  # lists that were never closed end here
        mark = self._lists[-1].taken() if self._lists else None
        depth = self._depth()
        if mark:
            markup = bullet_or_number(mark, level=self._level)
        else:
            is_bare = depth == 0 and (is_bold or not self._has_headings)
            markup = Markup(level=self._level, depth=depth, is_bare=is_bare)
        self._lines.append(made(text, self._source_line, markup=markup))


def _level(tag: str) -> int:
    return _LEVELS.get(tag, 0)


def _opens_part(heading: str) -> bool:
    return headings.top_kind(heading) is not None or headings.is_code_caption(heading)
