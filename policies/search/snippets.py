"""The words marked in a text, and a long text cut around them, with the cuts to be seen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from policies.models.words import PARTING

START, STOP = "\ue000", "\ue001"
# For Postgres, which parts words at them too, as the vectors do; put back afterwards.
CONTROLS = "\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f"
_BACK = str.maketrans(CONTROLS, PARTING)
LONG = 320  # characters; a text that is longer is cut
_BEFORE = 60  # characters shown before the first mark, at least to the next blank
_MARK = re.compile(f"{START}|{STOP}")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the stretches of it that are marked, in order, none overlapping."""

    text: str
    spans: tuple[tuple[int, int], ...]


def read_marked(marked: str, phrases: "re.Pattern[str] | None") -> Marked:
    """What Postgres marked, with the exact phrases marked beside."""
    pieces = _MARK.split(marked.translate(_BACK))
    text = "".join(pieces)
    ends = [0]
    for piece in pieces:
        ends.append(ends[-1] + len(piece))
    spans = [(start, end) for start, end in list(pairwise(ends))[1::2] if start < end]
    if phrases:
        spans += [found.span() for found in phrases.finditer(text)]
    return Marked(text, tuple(_joined(sorted(spans))))


def _joined(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same without overlaps."""
    end = 0
    for index, (start, stop) in enumerate(spans):
        start = max(start, end)
        if start < stop:
            yield start, stop
            end = max(end, spans[index][1])


def shown(marked: Marked) -> SafeString:
    """Safe HTML: everything escaped, the marks set, a long text cut to where they stand."""
    start, end = _window(marked)
    parts = ["… " if start else ""]
    at = start
    for first, last in marked.spans:
        if first < start or last > end:
            continue
        parts += [
            escape(marked.text[at:first]),
            "<mark>",
            escape(marked.text[first:last]),
            "</mark>",
        ]
        at = last
    parts += [escape(marked.text[at:end]), " …" if end < len(marked.text) else ""]
    return mark_safe("".join(parts))  # noqa: S308  every piece of the text is escaped


def _window(marked: Marked) -> tuple[int, int]:
    """The stretch to show: the one with the most different words marked, the first of those."""
    text = marked.text
    if len(text) <= LONG:
        return 0, len(text)

    def worth(start: int) -> int:
        within = [
            one for one in marked.spans if start <= one[0] and one[1] <= start + LONG - _BEFORE
        ]
        return len({text[first:last].casefold() for first, last in within})

    first = max((one[0] for one in marked.spans[:100]), key=worth, default=0)
    start = 0 if first <= _BEFORE else _next_word(text, first - _BEFORE, first)
    end = min(len(text), start + LONG)
    if end < len(text):
        end = max(text.rfind(" ", start, end), first + 1)
        end = max([end, *(last for begin, last in marked.spans if begin < end < last)])
    return start, end


def _next_word(text: str, start: int, end: int) -> int:
    """Behind the first blank from `start` on, at most `end`."""
    blank = text.find(" ", start, end)
    return end if blank < 0 else blank + 1
