"""What people settled in a draft, kept when its source is read again where the text is the same.

A statement is the same when its words are, in its place or elsewhere; what was confirmed of how
the statements under it combine holds only while those are the same too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import uuid4

from policies.imports.content import proposed_stance_types, reading_of
from policies.models import Criterion, Fate, Passage, Version
from policies.reading import Document

Part = TypeVar("Part", Passage, Criterion)

_LINEAGE = ("identity", "fate", "split_from")
_SETTLED = ("rule", "at_least", "confirmed_by_id", "confirmed_at")
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
        self._criteria = list(version.criteria.order_by("position"))

    def hand_over(self, version: Version, document: Document) -> None:
        """Settle the new parts of the draft, which have been stored, as the old ones were."""
        self._settle_passages(version, proposed_stance_types(document))
        self._settle_criteria(version)

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

    def _settle_criteria(self, version: Version) -> None:
        new = list(version.criteria.order_by("position"))
        same = list(_same(self._criteria, new))
        before, after = _words_below(self._criteria), _words_below(new)
        kept = {old.identity for old, _ in same}
        met = {one.pk for _, one in same}
        for old, one in same:
            _given(old, one, _LINEAGE)
            if old.confirmed_at and before.get(old.pk) == after.get(one.pk):
                _given(old, one, _SETTLED)
        for one in new:
            if one.pk not in met and one.identity in kept:  # it is another statement's already
                one.identity, one.fate, one.split_from = uuid4(), Fate.NEW, None
        Criterion.objects.bulk_update(new, [_field(name) for name in (*_LINEAGE, *_SETTLED)])


def _same(old: Iterable[Part], new: Iterable[Part]) -> Iterable[tuple[Part, Part]]:
    """Pairs of parts with the same words: those in the same place first, then in order."""
    in_place: dict[tuple[str, str], Part] = {}
    elsewhere: defaultdict[str, list[Part]] = defaultdict(list)
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


def _words_below(criteria: Iterable[Criterion]) -> dict[int | None, list[str]]:
    found: defaultdict[int | None, list[str]] = defaultdict(list)
    for one in criteria:
        found[one.parent_id].append(_words(one.text))
    return found


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
