"""Intake: what the buttons beside “Enter the request” do; all of them keep what was typed."""

import re
from collections.abc import Callable
from typing import Final

from django.http import QueryDict

from reviewer.forms.lines import MOST_DIAGNOSES, MOST_LINES, LineForm

Continuation = Callable[[QueryDict], str]  # gives the name of the field to go on with
DIAGNOSES_AT_A_TIME: Final = 4
DROP: Final = re.compile(r"drop-(\d{1,2})")  # a line, from 1
TAKE: Final = re.compile(r"take:((?:lines|diagnoses)-\d{1,2}-)code:([\w.]{1,10})")


def at_first() -> QueryDict:
    """An empty page, as if it had been sent: one line, a row of diagnoses."""
    return QueryDict(
        f"urgency=standard&lines-TOTAL_FORMS=1&lines-INITIAL_FORMS=0&lines-0-pointers=1"
        f"&diagnoses-TOTAL_FORMS={DIAGNOSES_AT_A_TIME}&diagnoses-INITIAL_FORMS=0",
        mutable=True,
    )


def continuation(act: str) -> Continuation | None:
    """None where the act is to enter the request."""
    if found := DROP.fullmatch(act):
        return _dropping(int(found[1]))
    if found := TAKE.fullmatch(act):
        return _taking(found[1], found[2])
    return ACTS.get(act)


def _one_more_line(data: QueryDict) -> str:
    shown = _total(data, "lines")
    if shown < MOST_LINES:
        data["lines-TOTAL_FORMS"] = str(shown + 1)
        data[f"lines-{shown}-pointers"] = "1"
    return f"lines-{shown}-code"


def _more_diagnoses(data: QueryDict) -> str:
    shown = _total(data, "diagnoses")
    data["diagnoses-TOTAL_FORMS"] = str(min(shown + DIAGNOSES_AT_A_TIME, MOST_DIAGNOSES))
    return f"diagnoses-{shown}-code"


def _total(data: QueryDict, prefix: str) -> int:
    try:
        return min(int(data.get(f"{prefix}-TOTAL_FORMS", "")), MOST_DIAGNOSES)
    except ValueError:
        return 0


def _dropping(number: int) -> Continuation:
    """Take a line away: those behind it move up."""

    def drop(data: QueryDict) -> str:
        last = _total(data, "lines") - 1
        for place in range(number - 1, last + 1):
            for name in LineForm.base_fields:
                here, there = f"lines-{place}-{name}", f"lines-{place + 1}-{name}"
                data.pop(here, None)
                if place < last and there in data:
                    data[here] = str(data[there])
        data["lines-TOTAL_FORMS"] = str(max(last, 1))
        return f"lines-{max(min(number, last) - 1, 0)}-code"

    return drop


def _taking(row: str, code: str) -> Continuation:
    """Write a likely code in place of the one that was typed."""

    def take(data: QueryDict) -> str:
        data.pop(f"{row}accept", None)
        data[f"{row}code"] = code
        return f"{row}code"

    return take


def _keep(data: QueryDict) -> str:
    """Only show the page again."""
    return ""


ACTS: Final[dict[str, Continuation]] = {
    "find": _keep,
    "look": _keep,
    "files": _keep,
    "line": _one_more_line,
    "diagnosis": _more_diagnoses,
}
