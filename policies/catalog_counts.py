"""How many bulletins the list would hold with each choice of a filter.

Counting reads every version of the library. What it comes to is told in a few hundred lines, by
what bulletins have alike, and kept for as long as no row of the library changes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import BigIntegerField, Case, DateField, F, QuerySet, Value, When
from django.db.models.functions import Left, Upper

from policies.catalog import (
    LETTERS,
    NO_CATEGORY,
    NO_LETTER,
    Asked,
    Person,
    bulletins_asked,
    bulletins_named,
    is_policy_staff,
    versions_asked,
)
from policies.kept import Kept
from policies.models import LineOfBusiness, Version
from policies.prepared import Prepared, Row, Slot
from policies.readers import unread
from policies.stages import ON_THEIR_WAY, Standing, current, standing

# Every change of a row gives it another `xmin`.
_STATE = """
SELECT (SELECT bit_xor(hashtextextended(xmin::text, id)) FROM policies_bulletin),
       (SELECT bit_xor(hashtextextended(xmin::text, id)) FROM policies_version),
       (SELECT bit_xor(hashtextextended(xmin::text, id)) FROM policies_publication)
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, its words, and how many bulletins the list would hold with it."""

    value: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of every filter, given what else is asked."""

    letters: list[Choice]
    categories: list[Choice]
    standings: list[Choice]
    lines_of_business: list[Choice]
    any_standing: int
    unread: int


class Kind(NamedTuple):
    """What versions have alike: where they stand, and the lines of business they are for."""

    standing: str
    lines: tuple[str, ...]


class Shelf(NamedTuple):
    """What bulletins have alike: letter of the title, category, and the kinds of their versions."""

    letter: str
    category: str
    kinds: frozenset[Kind]


ANY_LINE = ""
Shelves = Counter[Shelf]
_kept: Kept[tuple[object, ...], Shelves] = Kept(64)


def choices(asked: Asked, person: Person) -> Choices:
    """Every filter's choices with their counts. Two queries, three after a change."""
    shelves = _shelves(asked, person)
    letters, categories = Counter[str](), Counter[str]()
    standings, lines = Counter[str](), Counter[str]()
    any_standing = 0
    line = asked.line_of_business or ANY_LINE
    for shelf, count in shelves.items():
        is_of_letter = asked.letter in ("", shelf.letter)
        is_of_category = asked.category in ("", shelf.category)
        of_line = {one.standing for one in shelf.kinds if line in one.lines}
        if of_line if not asked.standing else asked.standing in of_line:
            letters[shelf.letter] += count * is_of_category
            categories[shelf.category] += count * is_of_letter
        if is_of_letter and is_of_category:
            any_standing += count * bool(of_line)
            for one in of_line:
                standings[one] += count
            for one in _lines(shelf, asked.standing):
                lines[one] += count
    return Choices(
        letters=_of_letters(letters),
        categories=_of_categories(+categories),
        standings=[
            Choice(one.value, one.label, standings[one.value])
            for one in Standing
            if one not in ON_THEIR_WAY or is_policy_staff(person)
        ],
        lines_of_business=[
            Choice(one.value, one.label, lines[one.value]) for one in LineOfBusiness
        ],
        any_standing=any_standing,
        unread=_unread(asked, person),
    )


def _of_letters(counts: Counter[str]) -> list[Choice]:
    letters = [Choice(one, one, counts[one]) for one in LETTERS]
    if others := counts[NO_LETTER]:
        letters.append(Choice(NO_LETTER, "other", others))
    return letters


def _of_categories(counts: Counter[str]) -> list[Choice]:
    in_order = sorted(counts, key=lambda one: (one == NO_CATEGORY, one))
    return [
        Choice(one, "not stated" if one == NO_CATEGORY else one, counts[one]) for one in in_order
    ]


def _lines(shelf: Shelf, stand: str) -> set[str]:
    """The lines of business for which a bulletin of the shelf has a version that stands so."""
    return {line for kind in shelf.kinds if stand in ("", kind.standing) for line in kind.lines}


def _shelves(asked: Asked, person: Person) -> Shelves:
    """The bulletins that the words and what the person has not read leave; one query or two."""
    if asked.is_unread:
        return _counted(asked, person)
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        state = cursor.fetchone()
    key = state, asked.words, asked.on, is_policy_staff(person)
    found = _kept.get(key)
    if found is None:
        found = _counted(asked, person)
        _kept.keep(key, found)
    return found


def _unread(asked: Asked, person: Person) -> int:
    """How many bulletins of the list have changed since the person read them; one query."""
    if asked.words or not isinstance(person, User):
        return bulletins_asked(replace(asked, is_unread=True), person).order_by().count()
    rows = _unread_kinds(is_staff=is_policy_staff(person)).ask(reader=person.pk, on=asked.on)
    line = asked.line_of_business or ANY_LINE
    return sum(
        count
        for shelf, count in _gathered(rows).items()
        if asked.letter in ("", shelf.letter)
        and asked.category in ("", shelf.category)
        and any(line in one.lines and asked.standing in ("", one.standing) for one in shelf.kinds)
    )


@cache
def _unread_kinds(*, is_staff: bool) -> Prepared:
    reader, on = Slot("reader", BigIntegerField()), Slot("on", DateField())
    versions = Version.objects.all() if is_staff else Version.objects.published()
    return Prepared(_kinds(unread(versions.filter(current(on)), reader), on))


def _counted(asked: Asked, person: Person) -> Shelves:
    wide = replace(asked, letter="", category="", standing="", line_of_business="")
    versions = versions_asked(wide, person)
    if asked.words:
        versions = versions.filter(bulletin__in=bulletins_named(wide).order_by())
    return _gathered(_kinds(versions, asked.on).iterator())


def _gathered(rows: Iterable[Row]) -> Shelves:
    kinds: defaultdict[tuple[int, str, str], set[Kind]] = defaultdict(set)
    for bulletin, letter, category, stand, lines in rows:
        place = bulletin, letter if letter in LETTERS else NO_LETTER, category or NO_CATEGORY
        kinds[place].add(Kind(stand, (*(lines or LineOfBusiness.values), ANY_LINE)))
    return Counter(Shelf(*place[1:], frozenset(found)) for place, found in kinds.items())


def _kinds(versions: QuerySet[Version], on: date | Value) -> QuerySet[Version, Row]:
    """One for each version: a version has one standing, and asking about each takes ten times as
    long."""
    stands = Case(*[When(standing(one, on), then=Value(one.value)) for one in Standing])
    letter = Upper(Left(F("bulletin__title"), 1))
    return versions.order_by().values_list(
        "bulletin_id", letter, "bulletin__category", stands, "lines_of_business"
    )
