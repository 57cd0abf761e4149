"""What may be meant while it is still being typed: codes and bulletins, the surest first.

Codes stand in this order: exactly what is typed, then those that begin so, then those whose
descriptor has all of the words in any order, the last of them as the beginning of one. Bulletins:
by number, by words of the title, by what means the same. Where nothing is found, the words are
looked for as they were probably meant.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from policies.search.typed import read_typed
from policies.type_ahead.bulletins import BulletinSuggested, bulletins_numbered, bulletins_titled
from policies.type_ahead.codes import CodeSuggested, codes_beginning, codes_described
from policies.type_ahead.vocabulary import meant_by
from policies.type_ahead.words import Words, read_words

__all__ = ["BulletinSuggested", "CodeSuggested", "Suggestions", "suggestions"]

T = TypeVar("T")
SHORTEST = 2  # characters


@dataclass(frozen=True, slots=True)
class Suggestions:
    """`corrected_to`: the words that were looked for instead of those typed."""

    codes: tuple[CodeSuggested, ...] = ()
    bulletins: tuple[BulletinSuggested, ...] = ()
    corrected_to: str | None = None

    def __len__(self) -> int:
        return len(self.codes) + len(self.bulletins)

    @property
    def shows_cpt(self) -> bool:
        """Whether a descriptor is shown that the AMA holds the copyright of."""
        return any(one.system == "CPT" and one.descriptor for one in self.codes)


def suggestions(
    typed: str, *, on: date, limit: int = 8, systems: tuple[str, ...] = ()
) -> Suggestions:
    """At most `limit` of each kind; with `systems`, only codes of these. Never an error, whatever
    was typed."""
    words = read_words(read_typed(typed).asked, systems)
    if len(words.asked) < SHORTEST or not words.all:
        return Suggestions()
    found = _found(words, on, limit)
    if found or len(words.last) < SHORTEST:
        return found
    mended = meant_by(words.all)
    if not mended:
        return found
    meant = read_words(" ".join(mended.get(one, one) for one in words.all), systems)
    again = _found(meant, on, limit)
    return Suggestions(again.codes, again.bulletins, meant.asked) if again else found


def _found(words: Words, on: date, limit: int) -> Suggestions:
    codes = codes_beginning(words, on, limit)
    if len(codes) < limit:
        codes = _with(codes, codes_described(words, on, limit), limit)
    if not words.is_for_everything:
        return Suggestions(codes)
    bulletins = bulletins_numbered(words, on, limit)
    if len(bulletins) < limit:
        bulletins = _with(bulletins, bulletins_titled(words, on, limit), limit)
    return Suggestions(codes, bulletins)


def _with(first: tuple[T, ...], then: tuple[T, ...], limit: int) -> tuple[T, ...]:
    return tuple(dict.fromkeys(first + then))[:limit]
