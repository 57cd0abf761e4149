"""Which codes and ranges of one version's tables go on as which of the other's."""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from policies.comparison.words import likeness, words_of
from policies.reading import codes
from policies.reading.document import CodeGroup, CodeRow, CodeSpan, Document

_ALIKE = 0.6  # services without a code have only their words


@dataclass(frozen=True, slots=True)
class Listed:
    """One code or range of a row, under its group. A service without a code has empty keys."""

    row: int
    group: CodeGroup
    entry: CodeRow
    system: str
    printed: str
    lower: str
    upper: str

    @property
    def scope(self) -> str:
        return self.group.scope or ""

    def holds(self, other: "Listed") -> bool:
        is_same_system = bool(self.lower) and bool(other.lower) and self.system == other.system
        return is_same_system and self.lower <= other.lower and other.upper <= self.upper


Match = tuple[list[Listed], list[Listed]]


def printed(span: CodeSpan) -> str:
    """As a table shows it: `+97546`, `S00.00X+ - T88.9XX+`."""
    mark = "+" if span.seventh_character else ""
    low = f"{'+' if span.add_on else ''}{span.low}{mark}"
    return low if span.low == span.high else f"{low} - {span.high}{mark}"


def listed(document: Document) -> Iterator[Listed]:
    row = 0
    for group in document.code_groups:
        for entry in group.rows:
            row += 1
            for span in entry.codes:
                lower, upper = codes.bounds(span)
                system = codes.system_of(group.system, span.low)
                yield Listed(row, group, entry, system, printed(span), lower, upper)
            if not entry.codes:
                yield Listed(row, group, entry, group.system, "no specific code", "", "")


def matched(old: Sequence[Listed], new: Sequence[Listed]) -> list[Match]:
    """What goes together: the same codes first, then ranges that overlap."""
    left, right = dict(enumerate(old)), dict(enumerate(new))
    found: list[Match] = []

    def code(one: Listed) -> tuple[Hashable, ...]:
        words = () if one.lower else words_of(one.entry.full_description)
        return one.system, one.lower, one.upper, words

    keys: list[Callable[[Listed], Hashable]] = [
        lambda one: (code(one), one.scope, heading_words(one.group), one.group.stance),
        lambda one: (code(one), one.scope, one.group.stance),
        lambda one: (code(one), one.scope),
        lambda one: (code(one), one.group.stance),
        code,
    ]
    for key in keys:
        waiting: dict[Hashable, list[int]] = {}
        for place, one in left.items():
            waiting.setdefault(key(one), []).append(place)
        for place, one in list(right.items()):
            if same := waiting.get(key(one)):
                found.append(([left.pop(same.pop(0))], [right.pop(place)]))
    for is_together in (is_same_list, _is_same_scope):
        found += _overlapping(left, right, is_together)
    found += _alike(left, right)
    return [
        *found,
        *(([one], []) for one in left.values()),
        *(([], [one]) for one in right.values()),
    ]


def is_same_list(one: Listed, other: Listed) -> bool:
    return one.group.stance == other.group.stance and one.scope == other.scope


def _is_same_scope(one: Listed, other: Listed) -> bool:
    return one.scope == other.scope


_Places = dict[int, Listed]


class Spans:
    """Finds the codes and ranges that meet a given one, by their bounds."""

    def __init__(self, listed: Iterable[tuple[int, Listed]]) -> None:
        self._by_system: dict[str, list[tuple[int, Listed]]] = {}
        for place, one in sorted(listed, key=lambda it: (it[1].lower, it[0])):
            if one.lower:
                self._by_system.setdefault(one.system, []).append((place, one))
        self._lowers = {
            system: [one.lower for _, one in some] for system, some in self._by_system.items()
        }
        # The highest upper bound so far: before it lies nothing that reaches further.
        self._tops = {
            system: list(accumulate((one.upper for _, one in some), max))
            for system, some in self._by_system.items()
        }

    def meeting(self, other: Listed) -> Iterator[tuple[int, Listed]]:
        """From the last that begins within it back to where nothing reaches it any more."""
        if not other.lower or other.system not in self._by_system:
            return
        some, tops = self._by_system[other.system], self._tops[other.system]
        at = bisect_right(self._lowers[other.system], other.upper)
        while at and tops[at - 1] >= other.lower:
            at -= 1
            if some[at][1].upper >= other.lower:
                yield some[at]


def _overlapping(
    left: _Places, right: _Places, is_together: Callable[[Listed, Listed], bool]
) -> Iterator[Match]:
    """Chains of ranges that overlap, with both sides in them; they are taken out of the two."""
    olds_there, news_there = Spans(left.items()), Spans(right.items())

    def meeting(spans: Spans, some: _Places, others: Iterable[Listed]) -> _Places:
        met = {
            place: one
            for other in others
            for place, one in spans.meeting(other)
            if place in some and is_together(one, other)
        }
        return dict(sorted(met.items()))

    for first in list(left):
        if first not in left:
            continue
        olds = {first: left[first]}
        news = meeting(news_there, right, olds.values())
        size = 0
        while news and size != len(olds) + len(news):
            size = len(olds) + len(news)
            olds = meeting(olds_there, left, news.values())
            news = meeting(news_there, right, olds.values())
        if news:
            for place in olds:
                del left[place]
            for place in news:
                del right[place]
            yield list(olds.values()), list(news.values())


def _alike(left: _Places, right: _Places) -> Iterator[Match]:
    """Services without a code that are described in like words."""
    for place, one in [it for it in left.items() if not it[1].lower]:
        words = words_of(one.entry.full_description)
        for other_place, other in list(right.items()):
            if other.lower or not is_same_list(other, one):
                continue
            if likeness(words, words_of(other.entry.full_description)) >= _ALIKE:
                yield [left.pop(place)], [right.pop(other_place)]
                break


def heading_words(group: CodeGroup) -> str:
    return " ".join(words_of(group.heading))
