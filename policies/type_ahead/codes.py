"""Codes by their key, then by words of their descriptors; ended ones last, and marked."""

# ruff: noqa: S608  what is put into the statement is written here; what was typed is a parameter

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.urls import reverse

from policies.models import System
from policies.models.code_sets import SLUGS
from policies.models.words import plain_words_in_sql
from policies.prepared import Row, ask_written
from policies.type_ahead.words import Words

_RANKED = 300  # descriptors that are compared
_SPARE = 5  # times as many as are shown: some are older descriptors, or of ended codes
_KEPT = 1000  # answers
_COLUMNS = """
    code.system, code.key, code.display, code.valid_from, code.valid_to,
    (SELECT COALESCE(NULLIF(said.long, ''), said.short)
       FROM policies_descriptor said JOIN policies_release release ON release.id = said.release_id
      WHERE said.code_id = code.id ORDER BY release.valid_from DESC LIMIT 1)
"""
_RELEASES = "SELECT COALESCE(max(id), 0), count(*) FROM policies_release"
_VALID = "valid_from <= %(on)s AND (valid_to IS NULL OR valid_to >= %(on)s)"
_BEGINNING = f"""
    SELECT {_COLUMNS} FROM (
        SELECT * FROM policies_code
        WHERE key >= %(key)s AND key < %(end)s AND system = ANY(%(systems)s)
          AND (key = %(key)s OR ({_VALID}) = %(is_valid)s)
        ORDER BY key, system, valid_from DESC LIMIT %(limit)s
    ) code
"""
_DESCRIBED = f"""
    SELECT {_COLUMNS} FROM (
        SELECT code_id, begins, size FROM (
            SELECT code_id, starts_with(lower(said), %(asked)s) AS begins, length(said) AS size
            FROM (
                SELECT code_id, COALESCE(NULLIF(long, ''), short) AS said FROM policies_descriptor
                WHERE {plain_words_in_sql("short", "long")} @@ to_tsquery('simple', %(query)s)
                LIMIT {_RANKED}
            ) matching
        ) measured
        ORDER BY begins DESC, size, code_id LIMIT %(limit)s
    ) near JOIN policies_code code ON code.id = near.code_id
    WHERE system = ANY(%(systems)s)
    ORDER BY {_VALID} DESC, begins DESC, size, code.key, valid_from DESC
"""


@dataclass(frozen=True, slots=True)
class CodeSuggested:
    """A code of a loaded release; `mark` says why it may not be used on the day, or is empty."""

    system: str
    key: str
    display: str
    descriptor: str
    mark: str

    @property
    def system_name(self) -> str:
        return System(self.system).label

    def get_absolute_url(self) -> str:
        return reverse("policies:code_detail", args=[SLUGS[self.system], self.display])


def codes_beginning(words: Words, on: date, limit: int) -> tuple[CodeSuggested, ...]:
    """The code whose key is typed, then those that begin so."""
    if not words.key:
        return ()
    facts = {"key": words.key, "end": f"{words.key}~", "limit": limit}
    found = _asked(_BEGINNING, words, on, facts | {"is_valid": True})
    if len(found) < limit:
        found += _asked(_BEGINNING, words, on, facts | {"is_valid": False})
    return _each_once(found, on)[:limit]


def codes_described(words: Words, on: date, limit: int) -> tuple[CodeSuggested, ...]:
    """Codes with all of the words in a descriptor; those that begin so first, then short ones."""
    return _described(words, on, limit, _releases())


@lru_cache(maxsize=_KEPT)
def _described(
    words: Words, on: date, limit: int, releases: tuple[int, int]
) -> tuple[CodeSuggested, ...]:
    """The answer for as long as no other release is loaded: every word that is typed begins with
    the same few letters as many others, and is typed again and again."""
    facts = {"asked": words.asked.lower(), "query": words.query, "limit": limit * _SPARE}
    return _each_once(_asked(_DESCRIBED, words, on, facts), on)[:limit]


def _releases() -> tuple[int, int]:
    ((newest, count),) = ask_written(_RELEASES, {})
    return newest, count


def _asked(sql: str, words: Words, on: date, facts: dict[str, Any]) -> list[Row]:
    return ask_written(sql, facts | {"on": on, "systems": list(words.systems)})


def _each_once(rows: Iterable[Row], on: date) -> tuple[CodeSuggested, ...]:
    """The first of every key: one that ended and began again stands there twice."""
    first: dict[tuple[str, str], CodeSuggested] = {}
    for system, key, display, start, end, said in rows:
        one = CodeSuggested(system, key, display, said or "", _mark(start, end, on))
        kept = first.get((system, key))
        if kept is None or (kept.mark and not one.mark):
            first[system, key] = one
    return tuple(first.values())


def _mark(start: date, end: date | None, on: date) -> str:
    if end and end < on:
        return f"ended {end}"
    return f"valid from {start}" if start > on else ""
