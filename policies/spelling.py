"""What people type: codes with small letters or an O for a zero, words with a slip in them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from django.db import connection
from django.db.models import Count, Max, Q
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from policies.models import Code, Publication
from policies.reading import codes

_NEAR = 75  # of 100
_FEW = 3
_SHORTEST = 4  # letters; shorter words are too like one another
# Whole words (the "simple" configuration does not stem) of what was published since.
_WORDS = """
    SELECT word, ndoc FROM ts_stat($$
        WITH new AS (SELECT version_id AS id FROM policies_publication WHERE id > {since})
        SELECT to_tsvector('simple', title) FROM policies_version JOIN new USING (id)
        UNION ALL
        SELECT to_tsvector('simple', translate(heading, '/-', '  '))
            FROM policies_section JOIN new ON new.id = version_id
        UNION ALL
        SELECT to_tsvector('simple', translate(text, '/-', '  '))
            FROM policies_passage JOIN new ON new.id = version_id WHERE stance_type <> ''
    $$) WHERE word ~ '^[a-z]{{4,}}$'
"""


@dataclass(slots=True)
class _Vocabulary:
    """Words with how many texts hold each, of the publications up to `newest`."""

    newest: int = 0
    publications: int = 0
    words: Counter[str] = field(default_factory=Counter)


_reading = Lock()
_read = _Vocabulary()


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


def nearest(words: Iterable[str], *, known: Mapping[str, int] | None = None) -> dict[str, str]:
    """For each word that the library (or who asks) does not know, the one probably meant."""
    unknown = {}
    known = _vocabulary() if known is None else known
    for word in words:
        lower = word.casefold()
        if lower in known or len(lower) < _SHORTEST or not lower.isalpha():
            continue
        if near := _near(lower, known) or _parted(lower, known):
            unknown[word] = near
    return unknown


def _near(word: str, known: Mapping[str, int]) -> str | None:
    """The word fewest slips away; of several the one that begins alike, then the commonest."""
    most = 1 if len(word) < 6 else 2 if len(word) < 12 else 3
    found = process.extract(word, known.keys(), scorer=OSA.distance, score_cutoff=most, limit=50)
    ranked = [(slips, near[0] != word[0], -known[near], near) for near, slips, _ in found]
    return min(ranked)[-1] if ranked else None


def _parted(word: str, known: Mapping[str, int]) -> str | None:
    """Two known words that were typed as one."""
    ways = [(word[:at], word[at:]) for at in range(_SHORTEST, len(word) - _SHORTEST + 1)]
    both = [
        (-min(known[one], known[two]), one, two) for one, two in ways if {one, two} <= set(known)
    ]
    return " ".join(min(both)[1:]) if both else None


def _vocabulary() -> Mapping[str, int]:
    """The library's words. What has been published since they were read is added to them."""
    with _reading:
        known = Count("pk", filter=Q(pk__lte=_read.newest))
        held = Publication.objects.aggregate(newest=Max("pk"), all=Count("pk"), known=known)
        if held["known"] != _read.publications:  # it is another library
            _read.newest, _read.publications, _read.words = 0, 0, Counter()
        if held["all"] != _read.publications:
            with connection.cursor() as cursor:
                cursor.execute(_WORDS.format(since=int(_read.newest)))
                _read.words = _read.words + Counter(dict(cursor.fetchall()))
            _read.newest, _read.publications = held["newest"], held["all"]
        return _read.words
