"""Where in the tree of criteria the reader had doubts."""

from collections.abc import Iterable
from dataclasses import dataclass

from policies.models import Criterion, Version


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the reader was not sure of, and the line of the source (counted from 1)."""

    line: int
    reason: str


def doubts_of(version: Version, criteria: Iterable[Criterion]) -> dict[str, list[Doubt]]:
    """By anchor the doubts at each criterion that has any: at the words that introduce its list."""
    by_words: dict[str, list[Doubt]] = {}
    for one in version.not_understood:
        by_words.setdefault(one["text"], []).append(Doubt(one["line"], one["reason"]))
    found: dict[str, list[Doubt]] = {}
    for criterion in criteria:
        for words in criterion.text.split("\n"):
            if words and words in by_words:
                found.setdefault(criterion.anchor, []).extend(by_words[words])
    return found
