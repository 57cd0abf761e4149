"""The words of descriptors and titles, with how many of them hold each: for misspelt words."""

from collections.abc import Mapping
from functools import lru_cache

from django.db import connection

from policies.models.words import plain_words_in_sql

_STATE = """
    SELECT (SELECT COALESCE(max(id), 0) FROM policies_release),
           (SELECT count(*) FROM policies_release),
           (SELECT COALESCE(max(id), 0) FROM policies_publication),
           (SELECT count(*) FROM policies_publication)
"""
_WORDS = """
    SELECT word, ndoc FROM ts_stat(%s) WHERE word ~ '^[[:alpha:]]{4,}$'
"""
_TEXTS = f"""
    SELECT {plain_words_in_sql("short", "long")} FROM policies_descriptor
    UNION ALL SELECT {plain_words_in_sql("title")} FROM policies_bulletin
"""  # noqa: S608  nothing of it was typed


def vocabulary() -> Mapping[str, int]:
    """Read again after a release is loaded or a version published."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        return _read(cursor.fetchone())


@lru_cache(maxsize=1)
def _read(state: tuple[int, ...]) -> Mapping[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [_TEXTS])
        return dict(cursor.fetchall())
