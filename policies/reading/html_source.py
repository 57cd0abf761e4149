"""A page's markup as a tree: what is HTML, what is too large, deep or slow to be read.

The parser expands no entities and fetches nothing.
"""

import re
from collections.abc import Iterator
from time import thread_time
from typing import Any

from lxml import etree

from policies.reading.lines import NotABulletin, too_large

MAX_HTML_BYTES = 10 * 1024 * 1024  # the parser takes no longer text
MAX_SOURCE_LINES = 65_535  # the parser counts no further
MAX_SECONDS = 20
_CHUNK = 65_536

_PAGE = re.compile(r"<!doctype\s+html|<(?:html|body|head)\b", re.IGNORECASE)
_TAG = re.compile(r"</(?:p|div|h[1-6]|li|ol|ul|table|tr|td|section|article|body)\s*>", re.I)
_SEVERAL = 3
# The parser's time for a tag grows with the square of its attributes.
_OPENING = re.compile(r"</?[A-Za-z](?>=\s*\"[^\"]*\"|=\s*'[^']*'|[^>])*+")
_QUOTED = re.compile(r"=\s*(?>\"[^\"]*\"|'[^']*')")
_LONGEST_TAG = 4000  # characters beside the quoted values
_IGNORED = {
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed",
    "canvas", "audio", "video", "select", "button", "textarea", "datalist", "head",
}  # fmt: skip
_PAGES_OWN = {"nav", "footer"}
_PAGES_ROLES = {"navigation", "contentinfo", "search"}
_SPOKEN = re.compile(
    r"(^|\s)(sr-?only|(visually|accessibly|screen-?reader)-?hidden|screen-?reader(-text|-only)?"
    r"|hidden-accessible|off-?screen|a11y-hidden)(\s|$)",
    re.IGNORECASE,
)
_MOST_SPOKEN = 80  # characters that only a screen reader says; more is text of the page


def is_html(text: str) -> bool:
    """Whether a text is a page's markup, by its content: a doctype, its root, or several tags."""
    start = text[:8192].lstrip("\ufeff \t\r\n")
    if start.startswith("<") and _PAGE.search(start):
        return True
    found = _TAG.finditer(text[:200_000])
    return sum(1 for _ in zip(range(_SEVERAL), found, strict=False)) == _SEVERAL


def parsed(text: str) -> Any:
    """The root of a page. Raises NotABulletin for one that is too large, deep or slow."""
    if len(text) > MAX_HTML_BYTES:
        raise NotABulletin(too_large(len(text), MAX_HTML_BYTES))
    if text.count("\n") >= MAX_SOURCE_LINES:
        raise NotABulletin(
            f"The page has more than {MAX_SOURCE_LINES:,} lines: give the HTML of one bulletin."
        )
    for found in _OPENING.finditer(text):
        size = found.end() - found.start()
        if size > _LONGEST_TAG and len(_QUOTED.sub("", found[0])) > _LONGEST_TAG:
            raise too_deep()
    parser: Any = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    began = thread_time()
    try:
        for start in range(0, len(text), _CHUNK):
            parser.feed(text[start : start + _CHUNK].encode("utf-8", "replace"))
            if thread_time() - began > MAX_SECONDS:
                raise too_slow()
        root = parser.close()
    except (etree.LxmlError, AssertionError, ValueError) as error:
        raise NotABulletin(
            "The page's HTML cannot be parsed: open it in a browser, copy its text, and read that."
        ) from error
    if any(one.level == etree.ErrorLevels.FATAL for one in parser.feed_error_log):
        raise too_deep()
    if root is None:
        raise without_text()
    return root


def too_deep() -> NotABulletin:
    """The refusal of a page that the parser cannot hold."""
    return NotABulletin(
        "The page's HTML is nested too deep or has parts too long to be a bulletin: open it "
        "in a browser, copy its text, and read that."
    )


def without_text() -> NotABulletin:
    """The refusal of a page that has no words."""
    return NotABulletin(
        "The page's HTML holds no text: save the whole page from the browser and read that."
    )


def too_slow() -> NotABulletin:
    """The refusal of a page that takes longer than MAX_SECONDS."""
    return NotABulletin(
        "The page's HTML takes too long to read: open it in a browser, copy its text, and read "
        "that."
    )


def stated(root: Any) -> Iterator[tuple[str, str, int]]:
    """What the page's head says by name: name, content and source line."""
    for one in root.iter("meta"):
        name = one.get("name") or one.get("property") or one.get("itemprop") or ""
        if name and one.get("content"):
            yield name[:100], one.get("content").strip()[:100], one.sourceline or 1


def is_ignored(element: Any) -> bool:
    """Programs, styles and controls; navigation and footers; words for screen readers only."""
    tag = element.tag
    if tag in _IGNORED:
        return True
    if tag in _PAGES_OWN or element.get("role") in _PAGES_ROLES:
        # One that was never closed holds the bulletin itself.
        return next(element.iter("h1", "table"), None) is None
    names = element.get("class")
    if names is None or not _SPOKEN.search(names[:500]):
        return False
    size = 0
    for text in element.itertext():
        size += len(text)
        if size > _MOST_SPOKEN:
            return False
    return True
