"""Lists as markup states them: the style of their marks, and the number of each item."""

import re
from dataclasses import dataclass
from typing import Any

from policies.reading import headings
from policies.reading.lines import Markup

_STYLES = {"1": "decimal", "A": "upper", "a": "lower", "I": "upper roman", "i": "lower roman"}
_CSS = {
    "decimal": "decimal", "upper-alpha": "upper", "upper-latin": "upper", "lower-alpha": "lower",
    "lower-latin": "lower", "upper-roman": "upper roman", "lower-roman": "lower roman",
}  # fmt: skip
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(\d{1,4})\s*")
BULLET = "•"


@dataclass(frozen=True, slots=True)
class ItemMark:
    """What stands before an item."""

    style: str
    ordinal: int
    depth: int
    starts_list: bool


class ListMark:
    """An open list; `depth` counts the lists around it."""

    def __init__(self, element: Any | None, depth: int) -> None:
        self._style = _style(element)
        self._next = _number(element.get("start")) if element is not None else 1
        self._depth = depth + 1
        self._is_first = True
        self._pending: ItemMark | None = None
        self.is_open = False  # whether an item is

    def begin(self, item: Any) -> None:
        """An item begins; its mark waits for the item's first line."""
        self._next = _number(item.get("value"), self._next)
        style = _STYLES.get(item.get("type") or "", self._style) if self._style else ""
        self._pending = ItemMark(style, self._next, self._depth, self._is_first)
        self._next += 1
        self.is_open = True

    def end(self) -> None:
        """The item ends; one without any words leaves nothing."""
        self._pending = None
        self.is_open = False

    def taken(self) -> ItemMark | None:
        """The mark that waits for a line, once."""
        mark, self._pending = self._pending, None
        if mark:
            self._is_first = False
        return mark


def bullet_or_number(mark: ItemMark, *, level: int = 0) -> Markup:
    """The markup of the line that opens an item."""
    number = mark.ordinal
    marker = {
        "": BULLET,
        "upper": headings.letters(number).upper(),
        "lower": headings.letters(number),
        "upper roman": headings.roman(number),
        "lower roman": headings.roman(number).lower(),
    }.get(mark.style, str(number))
    return Markup(
        level=level,
        depth=mark.depth,
        style=mark.style or f"bullet{BULLET}",
        ordinal=number if mark.style else 0,
        marker=marker,
        starts_list=mark.starts_list,
    )


def _style(element: Any | None) -> str:
    """The style of a numbered list; empty for bullets."""
    if element is None or element.tag == "ul":
        return ""
    if element.get("type") in _STYLES:
        return _STYLES[element.get("type")]
    found = _LIST_STYLE.search((element.get("style") or "")[:500])
    return _CSS.get(found[1].casefold(), "decimal") if found else "decimal"


def _number(text: str | None, otherwise: int = 1) -> int:
    found = _NUMBER.fullmatch(text[:20]) if text else None
    return int(found[1]) if found else otherwise
