"""Which other bulletins a version names: in its list of related ones, in its text, by its links."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from policies.reading.document import Document
from policies.reading.html_source import is_ignored, parsed
from policies.reading.lines import NotABulletin
from policies.views.places import block_name, flat

_NUMBER = r"\d{3,5}[A-Z]?"
_JOINED = r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|\s*[;&]\s*)(?:(?:CPB|bulletin)s?\s+)?"
_CALLED = r"(?:CPB|bulletin)s?\s*[-:#]?\s*(?:(?:no\.?|numbers?)\s*)?"
_NAMED = re.compile(rf"\b{_CALLED}({_NUMBER}\b(?:{_JOINED}{_NUMBER}\b)*)", re.IGNORECASE)
_LISTED = re.compile(rf"^\W*({_NUMBER})\b|[(\[]({_NUMBER})[)\]]", re.MULTILINE)
_EACH = re.compile(rf"\b{_NUMBER}\b")
_PAGE = re.compile(rf"(?:^|[/_-])({_NUMBER})(?:_\d+)?(?:\.html?)?(?:/v\d+)?/?$")
_SILENT = {"references", "codes"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A number, and where it is named: the anchor of a passage and how that is cited."""

    number: str
    anchor: str
    name: str


def numbers_in(text: str, *, is_list: bool) -> list[str]:
    """The bulletins that a passage names, in its order: "CPB 0325", "bulletins 0325 and 0411".

    A list of related bulletins also gives them bare: "0908 Candles", "Candles (0908)".
    """
    found = [one for match in _NAMED.finditer(text) for one in _EACH.findall(match[1])]
    if is_list:
        found += [match[1] or match[2] for match in _LISTED.finditer(text)]
    return list(dict.fromkeys(found))


def mentions_of(document: Document, markup: str = "") -> tuple[Mention, ...]:
    """What a version names, apart from itself, in the order of its text.

    `markup` is the page it was read from: a link counts where its words stand in a passage.
    """
    linked = list(_links(markup)) if markup else []
    return tuple(one for one in _mentions(document, linked) if one.number != document.number)


def is_list_lost(document: Document) -> bool:
    """Whether the list of related bulletins stands empty: its links were lost before it came."""
    return any(
        one.kind == "related" and not one.blocks and not one.children
        for one in flat(document.sections)
    )


def _mentions(document: Document, linked: Iterable[tuple[str, str]]) -> Iterator[Mention]:
    for section in flat(document.sections):
        if section.kind in _SILENT or section.anchor == "contents":
            continue
        for block in section.blocks:
            numbers = numbers_in(block.text, is_list=section.kind == "related")
            numbers += [number for number, words in linked if words in block.text]
            for number in dict.fromkeys(numbers):
                yield Mention(number, block.anchor, block_name(block, section))


def _links(markup: str) -> Iterator[tuple[str, str]]:
    """Links that lead to a numbered page: the number and the words that are linked."""
    try:
        root = parsed(markup)
    except NotABulletin:
        return
    ignored = {inner for one in root.iter() if is_ignored(one) for inner in one.iter("a")}
    for link in root.iter("a"):
        words = " ".join("".join(link.itertext()).split())
        found = _PAGE.search(urlsplit(link.get("href") or "").path)
        if found and len(words) > 2 and link not in ignored:
            yield found[1], words
