"""Synonyms: what staff keep in sets, and which of them a question's words belong to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from policies.models import SynonymSet
from policies.models.words import STOP_WORDS

LONGEST = 6  # words of a phrase
_WORD = re.compile(r"[^\W_]+")
# The terms in small letters, without the words that no search looks for; the table is small.
_SETS = r"""
    SELECT terms FROM policies_synonymset WHERE EXISTS (
        SELECT FROM unnest(terms) term
        WHERE btrim(regexp_replace(
            regexp_replace(lower(term), '[^[:alnum:]]+', ' ', 'g'), %s, '', 'g'
        )) = ANY(%s)
    )
"""
_STOPPED = rf"\m(?:{'|'.join(sorted(STOP_WORDS))})\M ?"


@dataclass(frozen=True, slots=True)
class Meant:
    """Words of a question, from `start` up to `end`, and what else means the same."""

    start: int
    end: int
    others: tuple[str, ...]


def synonyms_of(words: Sequence[str]) -> list[Meant]:
    """Which stretches of words have synonyms, long ones before short; an empty word parts them."""
    stretches = {
        (start, end): _forms(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + LONGEST, len(words)) + 1)
        if all(words[start:end])
    }
    asked = sorted({form for forms in stretches.values() for form in forms} - {""})
    if not asked:
        return []
    sets = _sets_with(asked)
    found: list[Meant] = []
    for (start, end), forms in sorted(stretches.items(), key=lambda one: one[0][0] - one[0][1]):
        others = _others(forms, sets)
        if others and not any(one.start < end and start < one.end for one in found):
            found.append(Meant(start, end, others))
    return sorted(found, key=lambda one: one.start)


def normal(term: str) -> str:
    """A term as it is compared: its words in small letters, but for those that stand everywhere."""
    return " ".join(word for word in _WORD.findall(term.lower()) if word not in STOP_WORDS)


def taken_terms(terms: Iterable[str], *, but: int | None) -> list[tuple[str, SynonymSet]]:
    """The terms that stand in a set already (not in the set `but`), with that set."""
    kept = {
        normal(term): one
        for one in SynonymSet.objects.all()
        if one.pk != but
        for term in one.terms
    }  # fmt: skip
    return [(term, kept[normal(term)]) for term in terms if normal(term) in kept]


def _forms(words: Sequence[str]) -> set[str]:
    """The words as one term, also with its last word in the other number."""
    term = normal(" ".join(words))
    if len(term) < 3:
        return {term}
    is_plural = term.endswith("s") and not term.endswith(("ss", "us", "is"))
    return {term, term[:-1] if is_plural else f"{term}s"}


def _sets_with(terms: Sequence[str]) -> list[list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(_SETS, [_STOPPED, list(terms)])
        return [row[0] for row in cursor.fetchall()]


def _others(forms: set[str], sets: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(
        term
        for terms in sets
        if forms & {normal(one) for one in terms}
        for term in terms
        if normal(term) not in forms
    )
