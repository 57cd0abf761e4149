"""What was typed into the box: words, exact phrases, alternatives, and what to leave out.

`knee "physical therapy" -brace -"home program" hip or ankle` asks for passages with "knee", with
exactly "physical therapy", with "hip" or "ankle", and without the others. Nothing that can be typed
is an error: what is not understood is left out, and a note says so.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policies.models.words import STOP_WORDS

LONGEST = 200  # characters of a question
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ue000-\ue0ff\u200b\ufeff]+")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_CHUNK = re.compile(rf'([{_DASHES}]?)"([^"]*)"|([^\s"]+)')
_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_SIGNS = "&|!()*~^\\"
_GAP_IN_SENTENCE = r"[^[:alnum:].!?;:]+"
_ANY_GAP = r"[^[:alnum:]]+"


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words between quotation marks, which are looked for exactly as they stand."""

    text: str
    is_phrase: bool = False

    def __str__(self) -> str:
        return f"“{self.text}”" if self.is_phrase else self.text

    @property
    def words(self) -> list[str]:
        return _WORD.findall(self.text)

    @property
    def is_everywhere(self) -> bool:
        """Whether it holds only words that stand nearly everywhere and are not indexed."""
        pieces = re.findall(r"[^\W_]+", self.text.casefold())
        return all(word in STOP_WORDS for word in pieces)


@dataclass(frozen=True, slots=True)
class Typed:
    """A question as it was read. One term of every group is asked for; notes are sentences."""

    asked: str
    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def has_marks(self) -> bool:
        """Whether it is more than words in a row."""
        return bool(self.excluded) or any(
            len(group) > 1 or group[0].is_phrase for group in self.groups
        )

    @property
    def understood(self) -> str:
        """What is looked for, as the end of "Looked for ...": "knee and “home program”"."""
        wanted = [listed(map(str, group), "or") for group in self.groups]
        said = listed(wanted, "and") if wanted else ""
        if self.excluded:
            said += f", without {listed(map(str, self.excluded), 'or')}"
        return said


def listed(words: Iterable[str], last: str) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, end = words
    return f"{', '.join(most)} {last} {end}" if most else end


def read_typed(words: str) -> Typed:
    """The question that these characters put."""
    plain = " ".join(_CONTROLS.sub(" ", words[: 50 * LONGEST].translate(_QUOTES)).split())
    asked = plain[:LONGEST].rstrip()
    notes = []
    if len(plain) > LONGEST:
        notes.append(f"Only the first {LONGEST} characters were read.")
    text = asked
    if text.count('"') % 2:
        before, _, after = text.rpartition('"')
        text = f"{before} {after}"
        notes.append("A quotation mark without its partner was left out.")
    reading = _Reading()
    for dash, phrase, chunk in _CHUNK.findall(text):
        reading.takes(dash, phrase, chunk)
    return Typed(asked, reading.all_of(), tuple(reading.excluded), (*notes, *reading.notes()))


class _Reading:
    """Goes through the pieces once."""

    def __init__(self) -> None:
        self.groups: list[list[Term]] = []
        self.excluded: list[Term] = []
        self._signs: list[str] = []
        self._everywhere: list[Term] = []
        self._joins = False  # the piece before was an "or"
        self._leaves_out = False  # the piece before was a "NOT"
        self._is_excluding = False

    def takes(self, dash: str, phrase: str, chunk: str) -> None:
        if chunk and self._is_operator(chunk):
            return
        if chunk and chunk[0] in _DASHES and len(chunk) > 1:
            dash, chunk = chunk[0], chunk[1:]
        text = _EDGES.sub("", phrase or chunk)
        self._signs += [one for one in chunk.replace(text, "", 1) if one in _SIGNS]
        is_left_out = bool(dash) or self._leaves_out
        joins, self._joins, self._leaves_out = self._joins, False, False
        if not text:
            return
        term = Term(text, is_phrase=bool(phrase) and len(_WORD.findall(text)) > 0)
        if is_left_out:
            self._is_excluding = True
            self._exclude(term)
        elif joins and self.groups:
            self.groups[-1].append(term)
        else:
            self.groups.append([term])

    def _is_operator(self, chunk: str) -> bool:
        if chunk.casefold() == "or" or chunk in ("|", "||"):
            self._joins = bool(self.groups)
        elif chunk == "NOT":
            self._leaves_out = True
        elif chunk not in ("AND", "&", "&&"):
            return False
        return True

    def _exclude(self, term: Term) -> None:
        if term.is_everywhere:
            self._everywhere.append(term)
        elif term not in self.excluded:
            self.excluded.append(term)

    def all_of(self) -> tuple[tuple[Term, ...], ...]:
        """The groups without what stands everywhere; a phrase may stay beside other terms."""
        kept = []
        for group in self.groups:
            found = [one for one in group if not one.is_everywhere]
            left = [one for one in group if one.is_everywhere]
            if found:
                kept.append(tuple(dict.fromkeys(found)))
            elif len(group) == 1 and group[0].is_phrase:
                kept.append((group[0],))
                left = []
            self._everywhere += left
        if all(one.is_everywhere for group in kept for one in group):
            self._everywhere += [one for group in kept for one in group]
            kept = []
        return tuple(dict.fromkeys(kept))

    def notes(self) -> list[str]:
        notes = []
        if self._signs:
            signs = list(dict.fromkeys(self._signs))
            means = (
                f"The signs {' '.join(signs)} mean" if signs[1:] else f"The sign {signs[0]} means"
            )
            notes.append(f"{means} nothing here and {'were' if signs[1:] else 'was'} left out.")
        if left := list(dict.fromkeys(f"“{one.text}”" for one in self._everywhere)):
            verbs = ("stands", "was") if len(left) == 1 else ("stand", "were")
            said = listed(left, "and")
            notes.append(f"{said} {verbs[0]} nearly everywhere and {verbs[1]} not looked for.")
        if self._is_excluding and not self.groups:
            notes.append("Only words to leave out were given. Add one to look for.")
        return notes


def exact_pattern(term: Term, *, gap: str = _GAP_IN_SENTENCE, any_gap: str = _ANY_GAP) -> str:
    """A regular expression for Postgres: these words in this order, whatever parts them inside
    a sentence; a full stop only where one was typed."""
    pieces = re.findall(r"[^\W_]+|[\W_]+", term.text)
    middle = "".join(
        piece if piece[0].isalnum() else (any_gap if set(piece) & set(".!?;:") else gap)
        for piece in pieces
    )
    return rf"(?<![[:alnum:]]){middle}(?![[:alnum:]])"


def marking_pattern(terms: Sequence[Term]) -> "re.Pattern[str] | None":
    """The same for Python, for any of the terms."""
    if not terms:
        return None
    any_of = "|".join(
        exact_pattern(one).replace("[^[:alnum:].!?;:]", r"(?:(?![^\W_])[^.!?;:])")
        .replace("[^[:alnum:]]", r"[\W_]").replace("[[:alnum:]]", r"[^\W_]")
        for one in terms
    )  # fmt: skip
    return re.compile(any_of, re.IGNORECASE)
