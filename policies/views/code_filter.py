"""Which rows of a code table a filter leaves: the script of the page asks the same of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from policies.reading import codes
from policies.reading.codes import AFTER_EVERY_CODE
from policies.reading.document import CodeGroup, CodeRow, CodeSpan
from policies.templatetags.marks import STANCES
from policies.views.places import printed

_CODE = re.compile(r"[A-Z]?\d[0-9A-Z]*")


@dataclass(frozen=True, slots=True)
class Filter:
    """What was typed. Each word must stand in the row or its headings, or be a code that one of
    the row's codes or ranges is, begins with, or holds."""

    typed: str

    @property
    def words(self) -> Sequence[str]:
        return self.typed.lower().split()

    def leaves(self, row: CodeRow, group: CodeGroup) -> bool:
        text = " ".join(
            [
                group.scope or "",
                group.heading,
                *(printed(span) for span in row.codes),
                row.full_description,
                STANCES[group.stance][1],
            ]
        ).lower()
        is_diagnosis = group.system == "ICD-10-CM"
        return all(
            word in text or any(_holds(word, span, is_diagnosis=is_diagnosis) for span in row.codes)
            for word in self.words
        )


def _holds(word: str, span: CodeSpan, *, is_diagnosis: bool) -> bool:
    key = codes.normalise(word)
    if not _CODE.fullmatch(key) or ("." in word and not is_diagnosis):
        return False
    lower, upper = codes.bounds(span)
    if lower == upper:
        return lower.startswith(key)
    return lower <= key + AFTER_EVERY_CODE and key <= upper
