"""The words of descriptors and titles, with how many of them hold each: for misspelt words."""

from collections.abc import Mapping
from functools import lru_cache

from django.db import connection

from policies.models.words import plain_words_in_sql
from policies.prepared import ask_written
from policies.spelling import nearest

_STATE = """
    SELECT (SELECT COALESCE(max(id), 0) FROM policies_release),
           (SELECT count(*) FROM policies_release),
           (SELECT COALESCE(max(id), 0) FROM policies_publication),
           (SELECT count(*) FROM policies_publication)
"""
_WORDS = """
    SELECT word, ndoc FROM ts_stat(%s) WHERE word ~ '^[[:alpha:]]{4,}$'
"""
_DESCRIPTORS = f"SELECT {plain_words_in_sql('short', 'long')} FROM policies_descriptor"  # noqa: S608
_TITLES = f"SELECT {plain_words_in_sql('title')} FROM policies_bulletin"  # noqa: S608


def meant_by(words: tuple[str, ...]) -> Mapping[str, str]:
    """For each unknown word the one probably meant. The vocabulary is read again after a release
    is loaded or a version published, whichever changed."""
    ((newest_release, releases, newest_publication, publications),) = ask_written(_STATE, {})
    return _meant(words, (newest_release, releases), (newest_publication, publications))


@lru_cache(maxsize=1000)
def _meant(
    words: tuple[str, ...], releases: tuple[int, int], publications: tuple[int, int]
) -> Mapping[str, str]:
    return nearest(words, known=_joined(releases, publications))


@lru_cache(maxsize=1)
def _joined(releases: tuple[int, int], publications: tuple[int, int]) -> Mapping[str, int]:
    described, titled = _of_releases(releases), _words(_TITLES)
    return {**described, **{word: n + described.get(word, 0) for word, n in titled.items()}}


@lru_cache(maxsize=1)
def _of_releases(releases: tuple[int, int]) -> Mapping[str, int]:
    """A full release takes a second or two."""
    return _words(_DESCRIPTORS)


def _words(texts: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [texts])
        return dict(cursor.fetchall())
