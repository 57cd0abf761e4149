"""Which statement of one version goes on as which statement of the other.

First by lineage, then by equal words near and far, then what was split or joined, last by likeness.
Where the fates of the newer edition speak of the older one, its criteria go by lineage alone: that
is what an editor has confirmed.
"""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from uuid import UUID

from policies.comparison.editions import Edition, Heading, Statement
from policies.comparison.words import is_reworded, likeness, share
from policies.models import Fate

SAME_ANCHOR, SAME_SECTION, ELSEWHERE = 0.4, 0.5, 0.75  # how alike two statements must be
FEW_WORDS = 4  # a shorter text says too little to be looked for in other sections
SPLIT_WHOLE, SPLIT_PART, SPLIT_GAIN = 0.7, 0.6, 0.1


@dataclass(frozen=True, slots=True)
class Pair:
    """Statements that go together: one and one, one and two where it was split, or one side."""

    before: tuple[Statement, ...]
    after: tuple[Statement, ...]

    @property
    def is_one_to_one(self) -> bool:
        return len(self.before) == len(self.after) == 1


class Pairing:
    """The statements of two editions, paired."""

    def __init__(self, before: Edition, after: Edition) -> None:
        self.sections = pair_headings(before.headings, after.headings)
        self.pairs: list[Pair] = []
        self._old = {one.position: one for one in before.statements}
        self._new = {one.position: one for one in after.statements}
        self._by_lineage()
        if after.follows is not None and after.follows == before.ordinal:
            self._by_lineage_alone()
        else:
            self._by_words()
        self.pairs += [Pair((one,), ()) for one in self._old.values()]
        self.pairs += [Pair((), (one,)) for one in self._new.values()]
        self.of_old = {one.anchor: pair for pair in self.pairs for one in pair.before}
        self.of_new = {one.anchor: pair for pair in self.pairs for one in pair.after}

    def fate(self, pair: Pair) -> Fate:
        """What became of the older statement; other words say more than another place."""
        if not pair.before:
            return Fate.NEW
        if len(pair.after) > 1:
            return Fate.SPLIT
        new = pair.after[0]
        if not pair.is_one_to_one or is_reworded(pair.before[0].words, new.words):
            return Fate.REWORDED
        if self.is_elsewhere(pair) or new.anchor in self.reordered:
            return Fate.MOVED
        return Fate.SAME

    @cached_property
    def reordered(self) -> set[str]:
        """The anchors (after) of statements that stand in another order among their siblings."""
        siblings: dict[Hashable, list[tuple[Statement, Statement]]] = {}
        for pair in self.pairs:
            if pair.is_one_to_one and not self.is_elsewhere(pair):
                one = pair.after[0]
                siblings.setdefault((one.section, one.parent), []).append((pair.before[0], one))
        found: set[str] = set()
        for group in siblings.values():
            group.sort(key=lambda both: both[1].position)
            in_order = _longest_rising([old.position for old, _ in group])
            found |= {new.anchor for place, (_, new) in enumerate(group) if place not in in_order}
        return found

    def is_elsewhere(self, pair: Pair) -> bool:
        """Whether it stands in another section, or under another criterion."""
        old, new = pair.before[0], pair.after[0]
        if self.sections.get(old.section) != new.section:
            return True
        return not self._is_same_parent(old.parent, new.parent)

    def _is_same_parent(self, old: str, new: str) -> bool:
        if not old or not new:  # a paragraph that joins the statements below it is no other place
            pair = self.of_old.get(old) or self.of_new.get(new)
            return old == new or (pair is not None and (pair.before + pair.after)[0].kind != "item")
        pair = self.of_old.get(old)
        if pair is None:  # a rule that stands in no passage
            return old == new
        return any(one.anchor == new for one in pair.after)

    def _by_words(self) -> None:
        self._by_key(lambda one, section: (section, one.anchor, one.words))
        self._by_key(lambda one, section: (section, one.words))
        self._by_key(lambda one, _: len(one.words) >= FEW_WORDS and one.words)
        self._by_split()
        self._by_likeness()

    def _by_lineage(self) -> None:
        """One goes on as all that say they come from it."""
        heirs: dict[UUID, list[Statement]] = {}
        for one in self._new.values():
            if one.link:
                heirs.setdefault(one.link.origin, []).append(one)
        for one in list(self._old.values()):
            if one.identity and (found := heirs.pop(one.identity, None)):
                self._take([one], found)

    def _by_lineage_alone(self) -> None:
        """What the lineage calls gone pairs with no criterion, nor does what it calls new."""
        self._join()
        gone = _set_aside(self._old)
        self._by_words()
        self._old = _in_order(self._old | gone)
        new = _set_aside(self._new)
        self._by_words()
        self._new = _in_order(self._new | new)

    def _join(self) -> None:
        """A statement that is gone but whose words went into one that its neighbor goes on as."""
        for pair in list(self.pairs):
            old, new = pair.before[0], pair.after[0]
            if not pair.is_one_to_one or old.words == new.words:
                continue
            near = self._near(_in_order(self._old | {old.position: old}), old.section)
            if old in (two := _parts_of(new, [one for one in near if one.link])):
                self.pairs.remove(pair)
                self._old[old.position], self._new[new.position] = old, new
                self._take(two, [new])

    def _take(self, before: Sequence[Statement], after: Sequence[Statement]) -> None:
        self.pairs.append(Pair(tuple(before), tuple(after)))
        for one in before:
            del self._old[one.position]
        for one in after:
            del self._new[one.position]

    def _by_key(self, key: Callable[[Statement, int | None], Hashable]) -> None:
        """Pair what has the same key; keys count sections as the newer edition does."""
        waiting: dict[Hashable, list[Statement]] = {}
        for one in self._old.values():
            if found := key(one, self.sections.get(one.section)):
                waiting.setdefault(found, []).append(one)
        for one in list(self._new.values()):
            found = key(one, one.section)
            if found and waiting.get(found):
                self._take([waiting[found].pop(0)], [one])

    def _by_split(self) -> None:
        """One that became two neighbors, and two that became one."""
        for one in list(self._old.values()):
            if two := _parts_of(one, self._near(self._new, self.sections.get(one.section))):
                self._take([one], two)
        back = {new: old for old, new in self.sections.items()}
        for one in list(self._new.values()):
            if two := _parts_of(one, self._near(self._old, back.get(one.section))):
                self._take(two, [one])

    def _near(self, some: Mapping[int, Statement], section: int | None) -> list[Statement]:
        return [one for one in some.values() if one.section == section]

    def _by_likeness(self) -> None:
        """The likest first; at equal likeness what stands in the same place."""
        scored = sorted(self._scored(), key=lambda one: (-one[0], one[1], one[2]))
        for _, old, new in scored:
            if old in self._old and new in self._new:
                self._take([self._old[old]], [self._new[new]])

    def _scored(self) -> Iterator[tuple[float, int, int]]:
        for old in self._old.values():
            section = self.sections.get(old.section)
            for new in self._new.values():
                is_here = section == new.section
                if not is_here and len(new.words) < FEW_WORDS:
                    continue
                is_placed = is_here and old.anchor == new.anchor
                least = SAME_ANCHOR if is_placed else SAME_SECTION if is_here else ELSEWHERE
                score = likeness(old.words, new.words, least=least)
                if score >= least:
                    yield score + 0.05 * is_here + 0.05 * is_placed, old.position, new.position


def _set_aside(some: dict[int, Statement]) -> dict[int, Statement]:
    """Take the criteria out."""
    return {place: some.pop(place) for place, one in list(some.items()) if one.link}


def _in_order(some: Mapping[int, Statement]) -> dict[int, Statement]:
    return dict(sorted(some.items()))


def pair_headings(before: Sequence[Heading], after: Sequence[Heading]) -> dict[int, int]:
    """The sections that go on, as their places before and after: by anchor and kind, by words."""
    keys: list[Callable[[Heading], Hashable]] = [
        lambda one: (one.kind, one.anchor),
        lambda one: (one.kind, one.text.rstrip(" :").casefold()),
        lambda one: one.text.rstrip(" :").casefold(),
        lambda one: one.kind if one.kind != "other" else None,
    ]
    found: dict[int, int] = {}
    for key in keys:
        waiting: dict[Hashable, list[int]] = {}
        for place, one in enumerate(before):
            if place not in found:
                waiting.setdefault(key(one), []).append(place)
        taken = set(found.values())
        for place, one in enumerate(after):
            value = key(one)
            if place not in taken and value and waiting.get(value):
                found[waiting[value].pop(0)] = place
    return found


def _parts_of(one: Statement, others: Sequence[Statement]) -> list[Statement]:
    """Two neighbors that say together what one says; empty where there are none."""
    for first, second in pairwise(others):
        if first.parent != second.parent or first.depth != second.depth:
            continue
        if min(len(first.words), len(second.words)) < FEW_WORDS - 1:
            continue
        together = likeness(one.words, (*first.words, *second.words), least=SPLIT_WHOLE)
        if not together:
            continue
        alone = max(likeness(one.words, first.words), likeness(one.words, second.words))
        drawn = min(share(first.words, one.words), share(second.words, one.words))
        if together - alone >= SPLIT_GAIN and drawn >= SPLIT_PART:
            return [first, second]
    return []


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The places of a longest run of rising numbers: what stayed where it was."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for place, number in enumerate(numbers):
        at = bisect_left(tails, number)
        tails[at : at + 1] = [number]
        ends[at : at + 1] = [place]
        previous.append(ends[at - 1] if at else -1)
    found: set[int] = set()
    place = ends[-1] if ends else -1
    while place >= 0:
        found.add(place)
        place = previous[place]
    return found
