"""What people type: codes with small letters or an O for a zero, words with a slip in them."""

from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import Max, Q
from rapidfuzz import fuzz, process

from policies.models import Code, Publication
from policies.reading import codes

_NEAR = 75  # of 100
_FEW = 3
_SHORTEST = 4  # letters; shorter words are too like one another
# Whole words (the "simple" configuration does not stem) of what is published.
_WORDS = """
    SELECT word FROM ts_stat($$
        SELECT to_tsvector('simple', title) FROM policies_version WHERE status = 'published'
        UNION ALL
        SELECT to_tsvector('simple', heading) FROM policies_section
            JOIN policies_version v ON v.id = version_id AND v.status = 'published'
        UNION ALL
        SELECT to_tsvector('simple', text) FROM policies_passage
            JOIN policies_version v ON v.id = version_id AND v.status = 'published'
            WHERE stance_type <> ''
    $$) WHERE word ~ '^[a-z]{4,}$'
"""


@dataclass(frozen=True, slots=True)
class TypedCode:
    """The key of what was typed, and a sentence where a character was taken for another."""

    key: str
    note: str


def read_code(typed: str) -> TypedCode:
    """No system has the letter O after the first place, so there it was meant as a zero."""
    key = codes.normalise(typed)
    mended = key[:1] + key[1:].replace("O", "0")
    if mended[:1] == "O" and not codes.systems_of(mended):
        mended = "0" + mended[1:]
    if mended == key or not codes.systems_of(mended):
        return TypedCode(key, "")
    return TypedCode(mended, f"Read as {mended}, with a zero where the letter O was typed.")


def similar_codes(key: str) -> tuple[str, ...]:
    """Loaded codes that an unknown one may have been meant for, as they are displayed."""
    begins = Q(pk__in=[])
    for start in {key[:3], key.replace("O", "0")[:3]}:
        if len(start) == 3:
            begins |= Q(key__gte=start, key__lt=f"{start}~")
    stored = Code.objects.filter(begins).values_list("key", "display")[:500]
    known = dict(stored)
    near = process.extract(key, known.keys(), scorer=fuzz.ratio, limit=_FEW, score_cutoff=_NEAR)
    return tuple(known[found] for found, _, _ in near)


def corrected(words: str) -> str | None:
    """The words with each unknown one replaced by the nearest of the library's; None: as typed."""
    newest = Publication.objects.aggregate(newest=Max("pk"))["newest"]
    known = _vocabulary(newest)
    mended = []
    for word in words.split():
        lower = word.casefold()
        if lower in known or len(lower) < _SHORTEST or not lower.isalpha():
            mended.append(word)
            continue
        near = process.extractOne(lower, known, scorer=fuzz.ratio, score_cutoff=_NEAR)
        mended.append(near[0] if near else word)
    said = " ".join(mended)
    return said if said != words else None


@lru_cache(maxsize=1)
def _vocabulary(newest: int | None) -> frozenset[str]:
    """The library's words; read anew when something has been published since."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS)
        return frozenset(word for (word,) in cursor.fetchall())
