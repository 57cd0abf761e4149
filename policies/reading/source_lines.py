"""The lines of a source as people count them, with the words that the reader takes from each.

A page's HTML is counted as its markup stands in the file; what the reader leaves out there by the
markup alone (menus, footers) is listed too, so that nothing of the file goes unmentioned.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policies.reading import html
from policies.reading.history import History
from policies.reading.html_source import is_html, is_ignored, parsed, stated
from policies.reading.lines import MAX_LINES, clean, decode, raw_lines

_WITHOUT_WORDS = {"script", "style", "template", "head", "svg", "math"}
_LONGEST_LEFT_OUT = 300


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line with words. Several share a number where a page's markup has few line breaks."""

    number: int
    text: str  # as the reader takes it; empty for an item that opens with a nested list
    raw: str  # as it stands in the file, or of a page the words of its block with their blanks
    left_out: str = ""  # why a page's markup keeps it from being read
    states_date: bool = False  # a date in the head of a page


def source_lines(data: bytes) -> list[SourceLine]:
    """Every line of a file that has words, in order. Raises NotABulletin like `read`."""
    text = decode(data)
    if is_html(text):
        return _of_page(text)
    made: list[SourceLine] = []
    for number, raw in enumerate(raw_lines(text), start=1):
        words = clean(raw)
        if words and len(made) < MAX_LINES:
            made.append(SourceLine(number, words, raw))
    return made


def _of_page(text: str) -> list[SourceLine]:
    root = parsed(text)
    lines = [
        SourceLine(line.number, line.text, line.raw)
        for line in html.lines_of(text).lines
        if line.text
    ]
    # Sorting is stable: where numbers are equal, the reader's order stays.
    return sorted([*_dates(root), *lines, *_left_out(root)], key=lambda one: one.number)


def _dates(root: Any) -> Iterator[SourceLine]:
    for name, content, number in stated(root):
        history = History()
        history.takes_stated(name, content, number)
        if history.dates or history.doubts:
            text = f"{name}: {content}"
            yield SourceLine(number, text, text, states_date=True)


def _left_out(root: Any) -> Iterator[SourceLine]:
    """The outermost elements that are not read for what they are, with their first words."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str) or element.tag in _WITHOUT_WORDS:
            continue
        if not is_ignored(element):
            waiting += list(element)
            continue
        words = clean(" ".join(element.itertext()))
        if words:
            short = words if len(words) <= _LONGEST_LEFT_OUT else words[:_LONGEST_LEFT_OUT] + "…"
            reason = f"the page's markup sets it apart (<{element.tag}>)"
            yield SourceLine(element.sourceline or 1, short, short, left_out=reason)
