"""What tells a bulletin from any other text: its number, and the names of its parts."""

import re
from collections.abc import Sequence

from policies.reading import headings
from policies.reading.code_headings import is_group_heading
from policies.reading.lines import Line, NotABulletin

NUMBER = re.compile(
    r"(?:(?:policy|bulletin|cpb|clinical policy bulletin) )?number ?: ?(\d{1,5}[a-z]?\b)?\s*(.*)",
    re.IGNORECASE,
)
_PAGE_FOOT = re.compile(
    r"copyright|©|all rights reserved|legal notices?|privacy (policy|statement|notice|center)"
    r"|terms of use|cookie|(the )?(cpt|current procedural).{0,40}copyright|language services\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\W*(back to (the )?top|return to top|top of page)\W*", re.IGNORECASE)
_NUMBER_ALONE = re.compile(r"\d{1,5}[A-Za-z]?")


def number_line(lines: Sequence[Line]) -> int:
    """Where the bulletin's number stands. Raises NotABulletin."""
    for position, line in enumerate(lines):
        found = NUMBER.fullmatch(line.text) if len(line.text) < 200 else None
        if not found:
            continue
        following = lines[position + 1].text if position + 1 < len(lines) else ""
        if found[1] or (not found[2] and _NUMBER_ALONE.fullmatch(following)):
            return position
    raise NotABulletin(
        "This is not a clinical policy bulletin: no line says “Number:” with the bulletin's "
        "number; copy the page from its title to its last reference."
    )


def require_marks(lines: Sequence[Line]) -> None:
    """Raises NotABulletin unless at least two parts of a bulletin are there."""
    marks: set[str] = set()
    for line in lines:
        if line.indent or len(line.text) > 200:
            continue
        if headings.is_code_caption(line.text) or is_group_heading(line.text):
            marks.add("codes")
        elif headings.is_plain_heading(line.text) or headings.top_kind(line.text):
            marks.add(headings.stripped(line.text).casefold())
        if len(marks) > 1:
            return
    raise NotABulletin(
        "This is not a clinical policy bulletin: its parts (Policy, Background, References, a "
        "table of codes) are missing; copy the page from its title to its last reference."
    )


def last_part(lines: Sequence[Line]) -> int:
    """Where the last heading stands that always opens a part, or the last caption of codes."""
    for position in range(len(lines) - 1, -1, -1):
        line = lines[position]
        if line.indent or not line.text or len(line.text) > 200:
            continue
        kind = headings.top_kind(line.text)
        if kind not in (None, "history", "contents") or headings.is_code_caption(line.text):
            return position
    return -1


def begins_foot(text: str) -> bool:
    """Whether a line below the references begins what belongs to the page."""
    return len(text) < 200 and _PAGE_FOOT.match(text) is not None


def is_link(text: str) -> bool:
    """Whether a line is a link that pages repeat between their parts."""
    return _LINK.fullmatch(text) is not None
