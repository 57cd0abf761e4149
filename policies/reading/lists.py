"""Nested lists from lines: markers, indents and what belongs to which item.

An item owns every later line that is indented deeper than its marker, so text after a nested list
returns to the outer item. Where the indents are lost, the style of the marker tells the depth.
"""

import re
from dataclasses import dataclass, field

from policies.reading.lines import Line, Markup

MAX_DEPTH = 12  # real bulletins reach six

_MARKER = re.compile(
    r"(?:\(?(\d{1,3})[.)]|\(?([A-Za-z]{1,6})[.)]|([*•·▪◦‣●○■□➢►✓⁃∙\uf0b7–-]|o(?= [A-Z])))"
    r"(?:\s+(.*))?"
)
LETTERED_OR_NUMBERED = re.compile(r"\(?(?:(\d{1,3})|([A-Za-z]{1,6}))[.)]\s")
_ROMAN_NUMBER = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})", re.IGNORECASE)
_LONE_CONNECTOR = re.compile(r"\W*(and/or|and|or)\W*", re.IGNORECASE)
_BULLET = "bullet"
_FOOTNOTE_MARK = re.compile(r"[\w)\]]\*+(?=[\s,.;:]|$)")
_WRAPPED = 60  # characters: a line at least this long may go on in the next


@dataclass(slots=True)
class Paragraph:
    """A paragraph, which may have come in several lines."""

    line: int
    parts: list[str]

    @property
    def text(self) -> str:
        return " ".join(self.parts)


@dataclass(slots=True)
class Item:
    """A list item: its marker, and its paragraphs and nested lists in order."""

    line: int
    indent: int
    style: str  # decimal, upper, lower, upper roman, lower roman, or bullet and its sign
    ordinal: int
    marker: str
    content: list["Paragraph | ItemList"] = field(default_factory=list)
    is_heading: bool = False  # markup says that its first words are one

    @property
    def is_bullet(self) -> bool:
        return self.style.startswith(_BULLET)

    @property
    def text(self) -> str:
        """The item's first paragraph."""
        first = self.content[0] if self.content else None
        return first.text if isinstance(first, Paragraph) else ""


@dataclass(slots=True)
class ItemList:
    """Items in order. `continues`: numbering goes on after text that interrupted the list."""

    items: list[Item]
    continues: bool = False


Content = list[Paragraph | ItemList]


class Outline:
    """Takes the lines of a section one by one and keeps them as paragraphs and lists."""

    def __init__(self) -> None:
        self.content: Content = []
        self._open: list[Item] = []
        self._last: Paragraph | None = None
        self._has_footnotes = False  # an asterisk behind a word refers to one

    def add(self, line: Line) -> None:
        """Place one line; it is never refused."""
        if self._last and (line.goes_on or _LONE_CONNECTOR.fullmatch(line.text)):
            self._last.parts.append(line.text)
            return
        if "*" in line.text and _FOOTNOTE_MARK.search(line.text):
            self._has_footnotes = True
        if line.markup and (line.markup.depth or line.markup.style):
            self._add_known(line, line.markup)
            return
        marked = _MARKER.fullmatch(line.text)
        if marked and not self._is_footnote(line, marked) and self._add_item(line, marked):
            return
        if self._is_wrapped(line):
            assert self._last is not None
            self._last.parts.append(line.text)
            return
        while self._open and line.indent <= self._open[-1].indent:
            self._open.pop()
        self._last = Paragraph(line.number, [line.text])
        (self._open[-1].content if self._open else self.content).append(self._last)

    def _add_known(self, line: Line, markup: Markup) -> None:
        """Place a line whose depth and mark the markup states."""
        depth = min(markup.depth, MAX_DEPTH)
        self._last = Paragraph(line.number, [line.text]) if line.text else None
        if not markup.style:
            del self._open[depth:]
            assert self._last is not None
            (self._open[-1].content if self._open else self.content).append(self._last)
            return
        position = min(depth - 1, len(self._open))
        item = self._insert(line, markup.style, markup.ordinal, position)
        item.marker, item.is_heading = markup.marker, markup.level > 0
        if self._last:
            item.content.append(self._last)

    def _is_footnote(self, line: Line, marked: re.Match[str]) -> bool:
        """Whether an asterisk begins no item: words above refer to it, and no list is open."""
        if marked[3] != "*" or not self._has_footnotes:
            return False
        if self._last and self._last.text.endswith(":"):
            return False
        return not any(
            item.style == f"{_BULLET}*" and abs(item.indent - line.indent) <= 1
            for item in self._open
        )

    def _is_wrapped(self, line: Line) -> bool:
        if not self._last or line.follows_blank or line.markup:
            return False
        previous = self._last.parts[-1]
        if previous[-1:] in ".:;!?":
            return False
        return line.text[0].islower() or (len(previous) >= _WRAPPED and line.indent > 0)

    def _add_item(self, line: Line, marked: re.Match[str]) -> bool:
        number, letters, bullet, text = marked.groups()
        if number:
            # Alone on its line, a number begins an item only where one is due.
            is_due = bool(text) or number == "1"
            item = self._placed(line, [("decimal", int(number))], accept_any=is_due)
        elif bullet:
            item = self._placed(line, [(_BULLET + bullet, 0)], accept_any=True)
        else:
            item = self._placed(line, letter_styles(letters), accept_any=False)
        if item is None:
            return False
        item.marker = bullet or number or letters
        self._last = None
        if text:
            self._last = Paragraph(line.number, [text])
            item.content.append(self._last)
        return True

    def _placed(
        self, line: Line, styles: list[tuple[str, int]], *, accept_any: bool
    ) -> Item | None:
        """A new item in its list, or None where letters stand too early to be a marker."""
        for style, ordinal in styles:
            for position in range(len(self._open) - 1, -1, -1):
                if _follows(self._open[position], style, ordinal, line.indent):
                    return self._insert(line, style, ordinal, position)
        firsts = [one for one in styles if one[1] == 1]
        if not firsts and not accept_any:
            return None
        style, ordinal = (firsts or styles)[0]
        while self._open and self._open[-1].indent > line.indent:
            self._open.pop()
        return self._insert(line, style, ordinal, self._position(line, style, ordinal))

    def _position(self, line: Line, style: str, ordinal: int) -> int:
        """How many open items stay above the new one."""
        if not self._open:
            return 0
        top = self._open[-1]
        siblings = [one for one in self._open if one.indent == line.indent]
        is_nested = top.indent < line.indent or (
            top.text.endswith(":")
            if top.style == style
            else ordinal < 2 and all(one.style != style for one in siblings)
        )
        return min(len(self._open) - (not is_nested), MAX_DEPTH - 1)

    def _insert(self, line: Line, style: str, ordinal: int, position: int) -> Item:
        del self._open[position:]
        content = self._open[-1].content if self._open else self.content
        previous = next((one for one in reversed(content[-3:]) if isinstance(one, ItemList)), None)
        last = previous.items[-1] if previous else None
        is_same = last is not None and last.style == style
        is_new = line.markup is not None and line.markup.starts_list
        is_adjacent = previous is not None and content[-1] is previous
        if style.startswith(_BULLET):
            goes_on = last is not None and is_same and is_adjacent and not is_new
            ordinal = last.ordinal + 1 if last and goes_on else 1
        goes_on = is_same and last is not None and ordinal > max(last.ordinal, 1)
        is_stated = is_same and line.markup is not None and not is_new  # whatever its number
        item = Item(line.number, line.indent, style, ordinal, "")
        if previous is not None and is_adjacent and (goes_on or is_stated):
            previous.items.append(item)
        else:
            content.append(ItemList([item], continues=goes_on))
        self._open.append(item)
        return item


def _follows(item: Item, style: str, ordinal: int, indent: int) -> bool:
    """Whether a marker continues this item's list; right-aligned numbers differ by one blank."""
    if item.style != style:
        return False
    if style.startswith(_BULLET):
        return item.indent == indent
    return ordinal == item.ordinal + 1 and abs(item.indent - indent) <= 1


def letter_styles(letters: str) -> list[tuple[str, int]]:
    """The styles that a mark of letters may have, each with its ordinal: C is 3, or 100."""
    case = "upper" if letters.isupper() else "lower" if letters.islower() else ""
    styles = []
    if case and len(letters) == 1:
        styles.append((case, ord(letters.lower()) - ord("a") + 1))
    number = _roman_value(letters)
    if case and number:
        styles.append((f"{case} roman", number))
    return styles


def _roman_value(letters: str) -> int:
    found = _ROMAN_NUMBER.fullmatch(letters)
    if not found:
        return 0
    units = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
    return 10 * len(found[1]) + {**units, "ix": 9}[found[2].lower()]
