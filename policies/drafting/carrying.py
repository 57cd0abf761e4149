"""What people settled in a draft, kept when its source is read again where the text is the same.

A passage is the same when its words are, in its place or elsewhere. What was settled of criteria
goes by their lineage (`policies.imports.lineage`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policies.imports.content import reading_of
from policies.imports.stance_types import proposed_stance_types
from policies.models import Passage, Version
from policies.reading import Document

_STANCE = ("stance_type", "stance_confirmed_by_id", "stance_confirmed_at")


@dataclass(frozen=True, slots=True)
class Typed:
    """The days of a version that a person wrote; None where they are the text's own."""

    effective: date | None
    next_review: date | None


class Carried:
    """Takes what is settled from a draft before its parts go, and gives it to the new ones."""

    def __init__(self, version: Version) -> None:
        read = reading_of(version)
        self.typed = Typed(
            _if_other(version.effective_stated, read.effective),
            _if_other(version.next_review, read.next_review),
        )
        self._proposed = proposed_stance_types(read)
        self._passages = list(version.passages.order_by("position"))

    def hand_over(self, version: Version, document: Document) -> None:
        """Settle the new parts of the draft, which have been stored, as the old ones were."""
        self._settle_passages(version, proposed_stance_types(document))

    def _settle_passages(self, version: Version, proposed: Mapping[str, str]) -> None:
        changed = []
        new = list(version.passages.order_by("position"))
        for old, one in _same(self._passages, new):
            before = self._proposed.get(old.anchor, "")
            is_settled = old.stance_confirmed_at is not None or old.stance_type != before
            # One that stands under another heading now is asked about again.
            if is_settled and before == proposed.get(one.anchor, ""):
                changed.append(_given(old, one, _STANCE))
        Passage.objects.bulk_update(changed, [_field(name) for name in _STANCE])


def _same(old: Iterable[Passage], new: Iterable[Passage]) -> Iterable[tuple[Passage, Passage]]:
    """Pairs of parts with the same words: those in the same place first, then in order."""
    in_place: dict[tuple[str, str], Passage] = {}
    elsewhere: defaultdict[str, list[Passage]] = defaultdict(list)
    for part in old:
        in_place[part.anchor, _words(part.text)] = part
    moved = []
    for part in new:
        found = in_place.pop((part.anchor, _words(part.text)), None)
        if found:
            yield found, part
        else:
            moved.append(part)
    for part in in_place.values():
        elsewhere[_words(part.text)].append(part)
    for part in moved:
        waiting = elsewhere[_words(part.text)]
        if waiting:
            yield waiting.pop(0), part


def _given(old: Any, new: Any, names: Iterable[str]) -> Any:
    for name in names:
        setattr(new, name, getattr(old, name))
    return new


def _field(name: str) -> str:
    return name.removesuffix("_id") if name.endswith("_by_id") else name


def _words(text: str) -> str:
    return " ".join(text.split())


def _if_other(day: date | None, read: date | None) -> date | None:
    return day if day != read else None
