"""The contents list: which lines belong to it, and which later lines repeat its entries."""

import re
from collections.abc import Iterator, Sequence

from policies.reading import headings
from policies.reading.lines import Line

_LIST_MARK = re.compile(r"(?:\d{1,2}[.)]|[*•·▪◦‣●○■□–-]|o(?= [A-Z]))\s+")
_LETTERED = re.compile(r"(?:[IVX]{1,5}|[A-Z]|[a-z]|[ivx]{1,5})[.)]\s+(?=[A-Z\d(\"“])")
_MOST = 40


class Contents:
    """The entries of the contents list, in small letters."""

    def __init__(self) -> None:
        self.entries: set[str] = set()

    def read(self, lines: Sequence[Line], at: int) -> Iterator[Line]:
        """Its lines from a place on, up to the first that repeats an entry or is a heading."""
        found = list(self._read(lines, at))
        following = lines[at + len(found)] if at + len(found) < len(lines) else None
        if len(found) > 1 and following and self._heads(found[-1], following):
            self.entries.discard(_entry(found.pop().text).casefold())
        yield from found

    def _heads(self, last: Line, following: Line) -> bool:
        """Whether the last entry is the heading of the prose below it, and no entry."""
        if self.has(_entry(following.text)) or headings.can_be_heading(following.text):
            return False
        return last.is_bare and headings.top_kind(last.text) is None

    def _read(self, lines: Sequence[Line], at: int) -> Iterator[Line]:
        is_compact = False
        while at < len(lines) and len(self.entries) < _MOST:
            line = lines[at]
            title = _entry(line.text)
            is_over = self.has(title) or not title or not headings.can_be_heading(title)
            if is_over or line.level or (is_compact and line.follows_blank):
                break
            self.entries.add(title.casefold())
            is_compact = len(self.entries) > 1 and not line.follows_blank
            yield line
            at += 1

    def has(self, title: str) -> bool:
        """Whether a line repeats an entry, or spells it out further."""
        words = title.casefold()
        return words in self.entries or any(
            " " in entry and words.startswith(entry + " ") for entry in self.entries
        )

    def is_repeated_by(self, line: Line) -> bool:
        """Whether a line is the heading that an entry announces."""
        title = headings.stripped(line.text)
        if title.casefold() in self.entries:
            return True
        return line.is_bare and self.has(title) and headings.can_be_heading(line.text)


def has_mark(line: Line) -> bool:
    """Whether a line begins like an item of a list."""
    return any(mark.match(line.text) for mark in (_LIST_MARK, _LETTERED))


def _entry(text: str) -> str:
    return headings.stripped(_LIST_MARK.sub("", text, count=1))
