"""Two texts, word by word: what they share, and what only one of them has."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz.distance import Indel, LCSseq

# A sign before a number belongs to it: a score of -2.5 is not a score of 2.5.
_PIECE = re.compile(
    r"(?P<word>\n|(?:(?<![^\s(])[-\u2212+](?=\d))?\w+(?:['\u2019./-]\w+|,\d+)*|[^\w\s])(?P<gap>[^\S\n]*)"
)
# Signs such as <, >, + and % say something, so they count as words.
_PUNCTUATION = frozenset(
    ".,;:!?()[]{}'\"`-\u00b7\u2022\u2010\u2011\u2012\u2013\u2014\u2018\u2019\u201c\u201d\u2026\n"
)
CONNECTORS = frozenset(["and", "or", "and/or"])
_SMALL = 3  # letters: shared words no longer than that do not hold two changes apart


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of one text; `is_changed`: the other text does not have them."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Redline:
    """Two texts side by side, each as its runs."""

    before: tuple[Run, ...]
    after: tuple[Run, ...]


def words_of(text: str) -> tuple[str, ...]:
    """The words without case, white space and punctuation."""
    found = (one["word"].replace("\u2019", "'").casefold() for one in _PIECE.finditer(text))
    return tuple(word for word in found if word not in _PUNCTUATION)


def but_connector(words: Sequence[str]) -> Sequence[str]:
    """The words without the connector to the next statement, where one ends them."""
    return words[:-1] if words and words[-1] in CONNECTORS else words


def ends_of(one: Sequence[str], other: Sequence[str]) -> frozenset[str]:
    """The connectors that end two texts."""
    return CONNECTORS.intersection((*one[-1:], *other[-1:]))


def is_reworded(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether more than a connector at the end came or went; another connector is other words."""
    if one == other:
        return False
    return but_connector(one) != but_connector(other) or len(ends_of(one, other)) > 1


def likeness(one: Sequence[str], other: Sequence[str], *, least: float = 0.0) -> float:
    """How much of two texts is shared in its order: 0 for nothing or too little, 1 for all."""
    if 2 * min(len(one), len(other)) < least * (len(one) + len(other)):
        return 0.0
    return Indel.normalized_similarity(one, other, score_cutoff=least)


def share(part: Sequence[str], whole: Sequence[str]) -> float:
    """How much of a part is in the whole, in its order."""
    return LCSseq.similarity(part, whole) / len(part) if part else 0.0


def differing(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The words that only one of the two has, in no order that counts."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return tuple(
        word
        for kind, low, high, low_2, high_2 in matcher.get_opcodes()
        if kind != "equal"
        for word in (*one[low:high], *other[low_2:high_2])
    )


def redline(before: str, after: str) -> Redline:
    """Both texts with the words marked that differ."""
    if before == after:
        return Redline(whole(before, is_changed=False), whole(after, is_changed=False))
    old, new = _pieces(before), _pieces(after)
    old_words, new_words = [one[0] for one in old], [one[0] for one in new]
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=False)
    marks_old, marks_new = [True] * len(old), [True] * len(new)
    for kind, low, high, low_2, high_2 in _told_apart(matcher.get_opcodes(), old_words):
        if kind == "equal":
            marks_old[low:high] = [False] * (high - low)
            marks_new[low_2:high_2] = [False] * (high_2 - low_2)
    return Redline(_runs(old, marks_old), _runs(new, marks_new))


def whole(text: str, *, is_changed: bool) -> tuple[Run, ...]:
    """A text as one run."""
    return (Run(text, is_changed),) if text else ()


_Opcode = tuple[str, int, int, int, int]


def _told_apart(opcodes: Sequence[_Opcode], old: Sequence[str]) -> Iterator[_Opcode]:
    """The opcodes, but a few small shared words between two replacements count as replaced."""
    for place, (kind, low, high, low_2, high_2) in enumerate(opcodes):
        is_inside = 0 < place < len(opcodes) - 1
        is_small = high - low <= 2 and all(len(word) <= _SMALL for word in old[low:high])
        if kind == "equal" and is_inside and is_small:
            beside = {opcodes[place - 1][0], opcodes[place + 1][0]}
            kind = "replace" if beside == {"replace"} else kind
        yield kind, low, high, low_2, high_2


def _pieces(text: str) -> list[tuple[str, str]]:
    """Each word or sign with the white space after it."""
    return [(one["word"], one["gap"]) for one in _PIECE.finditer(text)]


def _runs(pieces: Iterable[tuple[str, str]], marks: Sequence[bool]) -> tuple[Run, ...]:
    made: list[tuple[str, bool]] = []
    for (word, gap), is_changed in zip(pieces, marks, strict=True):
        text = word + gap
        if made and made[-1][1] == is_changed:
            made[-1] = (made[-1][0] + text, is_changed)
        else:
            made.append((text, is_changed))
    return tuple(_closed(made))


def _closed(made: Sequence[tuple[str, bool]]) -> Iterator[Run]:
    """Runs whose marks end with the last word and not with the white space after it."""
    for text, is_changed in made:
        words = text.rstrip() if is_changed else text
        if words:
            yield Run(words, is_changed)
        if words != text:
            yield Run(text[len(words) :], False)
