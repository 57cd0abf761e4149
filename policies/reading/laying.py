"""Lines laid into places in order: each place takes the lines that make up its words.

A paragraph or a row may have come in several lines, and a line that had lost its breaks may fill
several places. Words recur ("Policy" stands in the contents list and as a heading), so a line goes
where the line before it stopped, else to the nearest place that still waits for these words.
"""

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.reading.places import Place, Slot, Words, words_of

_MARK = re.compile(r"^\s*(\(?\w{1,6}[.)]|[*•·▪◦‣●○–o-])(?=\s|$)")
_MOST_WORDS_BEFORE = 4  # "Medical Clinical Policy Bulletin: ", "Policy "
_HEAD = ("title", "number")


def is_mark(text: str) -> bool:
    """Whether a line is nothing but the mark of an item: it opens one without words."""
    return _MARK.fullmatch(text.strip()) is not None


@dataclass(frozen=True, slots=True)
class Laid:
    """The places that a line filled or went on filling."""

    places: tuple[Place, ...]
    goes_on: bool = False


class Layer:
    """Keeps which words of each place are still waited for, and where the last line went."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self._slots = slots
        self._at = 0
        self._by_pair: defaultdict[Words, list[int]] = defaultdict(list)
        self._by_first: defaultdict[str, list[int]] = defaultdict(list)
        for position, slot in enumerate(slots):
            self._by_pair[slot.words[:2]].append(position)
            self._by_first[slot.words[0]].append(position)
        self._whole: tuple[str, list[int]] | None = None

    def lay(self, text: str, words: Words, *, in_pieces: bool) -> Laid | None:
        """Where a line goes; `in_pieces`: it may hold several places, and words of none."""
        if is_mark(text):  # or the last word of a paragraph: "light."
            return self._whole_line(words, begins=False)
        unmarked = words_of(_MARK.sub("", text, count=1))
        for wanted in dict.fromkeys((words, unmarked)):
            found = self._whole_line(wanted) if wanted else None
            if found:
                return found
        return (
            self._head(words)
            or self._pieces(words, at_least=1 if in_pieces else len(unmarked))
            or self._anywhere(words)
            or self._anywhere(unmarked)
            or self._service(text)
        )

    def _whole_line(self, words: Words, *, begins: bool = True) -> Laid | None:
        """A place that is just these words, goes on with them, or begins with them."""
        current = self._slots[self._at] if self._slots else None
        if current and current.done and current.rest[: len(words)] == words:
            return self._take(self._at, len(words))
        exact, begun = self._candidates(words)
        position = self._nearest(exact)
        if position is None and begins:
            position = self._nearest(begun)
        return None if position is None else self._take(position, len(words))

    def _candidates(self, words: Words) -> tuple[list[int], list[int]]:
        among = self._by_pair[words[:2]] if len(words) > 1 else self._by_first[words[0]]
        exact: list[int] = []
        begun: list[int] = []
        for position in among:
            rest = self._slots[position].rest
            if rest[: len(words)] == words:
                (exact if len(rest) == len(words) else begun).append(position)
        return exact, begun

    def _nearest(self, positions: Sequence[int]) -> int | None:
        if not positions:
            return None
        after = bisect_left(positions, self._at)
        return positions[after] if after < len(positions) else positions[-1]

    def _take(self, position: int, number: int) -> Laid:
        slot = self._slots[position]
        goes_on = slot.done > 0
        self._forget(position)
        slot.done += number
        if slot.rest:
            insort(self._by_pair[slot.rest[:2]], position)
            insort(self._by_first[slot.rest[0]], position)
        self._at = position
        return Laid((slot.place,), goes_on)

    def _forget(self, position: int) -> None:
        rest = self._slots[position].rest
        for kept in (self._by_pair[rest[:2]], self._by_first[rest[0]]):
            found = bisect_left(kept, position)
            if found < len(kept) and kept[found] == position:
                del kept[found]

    def _head(self, words: Words) -> Laid | None:
        """The title and the number may stand behind words that name what they are."""
        for position, slot in enumerate(self._slots[:2]):
            before = len(words) - len(slot.rest)
            is_waiting = slot.place.kind in _HEAD and slot.rest
            if is_waiting and 0 < before <= _MOST_WORDS_BEFORE and words[before:] == slot.rest:
                return self._take(position, len(slot.rest))
        return None

    def _pieces(self, words: Words, *, at_least: int) -> Laid | None:
        """Several places after one another, when they hold so many of the words."""
        kept = self._at
        found = list(self._pieces_from(words))
        if not found or sum(number for _, number in found) < at_least:
            self._at = kept
            return None
        goes_on = self._slots[found[0][0]].done > 0
        for position, number in found:
            self._take(position, number)
        return Laid(tuple(self._slots[position].place for position, _ in found), goes_on)

    def _pieces_from(self, words: Words) -> Iterator[tuple[int, int]]:
        start = 0
        taken: set[int] = set()
        while start < len(words):
            position = self._piece_at(words, start, taken)
            if position is None:
                start += 1
                continue
            taken.add(position)
            self._at = position
            number = min(len(self._slots[position].rest), len(words) - start)
            yield position, number
            start += number

    def _piece_at(self, words: Words, start: int, taken: set[int]) -> int | None:
        """A place whose words begin here and end within the line, or with it."""
        fitting = []
        for position in self._by_pair[words[start : start + 2]]:
            rest = self._slots[position].rest
            number = min(len(rest), len(words) - start)
            if position not in taken and rest[:number] == words[start : start + number]:
                fitting.append(position)
        single = [
            position
            for position in self._by_first[words[start]]
            if len(self._slots[position].rest) == 1 and position not in taken
        ]
        return self._nearest(fitting or single)

    def _anywhere(self, words: Words) -> Laid | None:
        """Inside a place that other lines have filled already, as a heading that is repeated."""
        if not words:
            return None
        if self._whole is None:
            self._whole = self._joined()
        text, starts = self._whole
        wanted = f" {' '.join(words)} "
        found = text.find(wanted, starts[self._at])
        if found < 0:
            found = text.find(wanted)
        if found < 0:
            return None
        position = bisect_left(starts, found + 1) - 1
        return Laid((self._slots[position].place,), goes_on=True)

    def _joined(self) -> tuple[str, list[int]]:
        parts, starts, length = [], [], 0
        for slot in self._slots:
            part = f"| {' '.join(slot.words)} |"
            starts.append(length)
            parts.append(part)
            length += len(part)
        return "".join(parts), starts

    def _service(self, text: str) -> Laid | None:
        """A service whose line says in other words that it has no code."""
        if "no " not in text.casefold():
            return None
        words = words_of(text)
        for position, slot in enumerate(self._slots):
            row = slot.place.row
            is_waiting = row is not None and row.service_without_code and slot.rest
            if is_waiting and _stand_in_order(words_of(slot.place.text), words):
                return self._take(position, len(slot.rest))
        return None


def _stand_in_order(some: Words, words: Words) -> bool:
    """Whether words stand among others in this order; what is between them is not asked."""
    left = iter(words)
    return all(one in left for one in some)
