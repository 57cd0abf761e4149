"""The review dates of a bulletin, from the lines of its `Policy History` block.

A date counts only beside its label on a line that holds nothing else; nothing is inferred.
"""

import re
from datetime import date

from policies.reading.document import NotUnderstood
from policies.reading.lines import Line

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH = r"[A-Za-z]{3,9}\.?"
_DATE = (
    r"\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d{1,2}-\d{1,2}"
    rf"|{_MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}} {_MONTH} \d{{4}}"
)
_LABEL = re.compile(
    r"(?P<last_review>last review(?:ed)?)|(?P<effective>(?:original )?effective)"
    r"|(?P<next_review>next review)",
    re.IGNORECASE,
)
_PAIR = re.compile(
    rf"\W*(?P<label>{_LABEL.pattern})(?: date)?[\s:*]*(?P<date>{_DATE})?[\s|;,*]*", re.IGNORECASE
)
_DATE_ALONE = re.compile(rf"({_DATE})[\s*]*")
_LONGEST = 200
# What stands in the head of a page: "policyLastReviewDate", "effective-date", "2025-03-11T00:00Z".
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORDS = re.compile(r"[^A-Za-z]+")
_NAME = re.compile(rf"(?:\w+ )?(?:{_LABEL.pattern})(?: date)?", re.IGNORECASE)
_STATED = re.compile(rf"({_DATE})(?:[T ]\d{{2}}:.*)?")


class History:
    """Takes the lines that state review dates; keeps the dates and the doubts about them."""

    def __init__(self) -> None:
        self.dates: dict[str, date] = {}
        self.doubts: list[NotUnderstood] = []
        self._awaiting = ""  # a label whose date may stand on the next line

    def takes(self, line: Line, following: Line | None, *, inside: bool) -> bool:
        """Whether this line states dates, or a label (`inside` the block, or before a date)."""
        if len(line.text) > _LONGEST:
            return False
        awaiting, self._awaiting = self._awaiting, ""
        if awaiting and _DATE_ALONE.fullmatch(line.text):
            self._keep(awaiting, line.text.rstrip(" *"), line)
            return True
        pairs = _pairs(line.text)
        if not pairs:
            return False
        if all(not written for _, written in pairs):
            comes_next = following is not None and _DATE_ALONE.fullmatch(following.text)
            if not inside and not comes_next:
                return False
            self._awaiting = pairs[-1][0]
        for name, written in pairs:
            if written:
                self._keep(name, written, line)
        return True

    def takes_stated(self, name: str, content: str, number: int) -> None:
        """A date that a page's head states by name: `lastReviewDate`, `effective-date`."""
        words = _NOT_WORDS.sub(" ", _CAPITALS.sub(" ", name)).strip()
        found = _NAME.fullmatch(words)
        written = _STATED.fullmatch(content)
        if not found or not content:
            return
        line = Line(number, 0, f"{name}: {content}", content, True, True)
        key = next(key for key in ("last_review", "effective", "next_review") if found[key])
        self._keep(key, written[1] if written else content, line)

    def _keep(self, name: str, written: str, line: Line) -> None:
        day = parsed(written)
        if day is None:
            self._doubt(line, f"“{written}” is not a full date of the calendar")
        elif self.dates.setdefault(name, day) != day:
            self._doubt(line, "another date was stated before, and that one is kept")

    def _doubt(self, line: Line, reason: str) -> None:
        self.doubts.append(NotUnderstood(line.number, line.text, reason))


def parsed(written: str) -> date | None:
    """A date as bulletins write it, month first; None for two-digit years and impossible days."""
    numbers = [int(one) for one in re.findall(r"\d+", written)]
    if not _DATE_ALONE.fullmatch(written):
        return None
    try:
        if "/" in written:
            return date(numbers[2], numbers[0], numbers[1]) if numbers[2] > 999 else None
        if "-" in written:
            return date(*numbers)
        name = re.findall("[A-Za-z]+", written)[0].casefold()
        month = next(i for i, full in enumerate(_MONTHS, start=1) if full.startswith(name))
        return date(numbers[1], month, numbers[0])
    except (ValueError, StopIteration):
        return None


def _pairs(text: str) -> list[tuple[str, str]]:
    """Labels with their dates, when the line consists of nothing else."""
    pairs = []
    position = 0
    while position < len(text):
        found = _PAIR.match(text, position)
        if not found:
            return []
        name = next(key for key in ("last_review", "effective", "next_review") if found[key])
        pairs.append((name, found["date"] or ""))
        position = found.end()
    return pairs
