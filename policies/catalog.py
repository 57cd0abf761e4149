"""The bulletins of the library, narrowed by what a reader asks for, and how many there are of each.

A filter asks for versions that are so: a bulletin is listed where one of its readable versions
meets all that was asked of versions. Each choice is counted as the list would be with it.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Left, Upper

from policies.models import Bulletin, LineOfBusiness, Version
from policies.models.versions import VersionQuerySet
from policies.readers import unread
from policies.stages import ON_THEIR_WAY, Standing, current, standing

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO_LETTER = "other"  # titles that begin with a figure, a sign or another alphabet
NO_CATEGORY = "-"
Person = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows the list; empty where nothing does. `on` is the day of every standing."""

    on: date
    words: str = ""
    letter: str = ""
    category: str = ""
    standing: str = ""
    line_of_business: str = ""
    is_unread: bool = False

    @property
    def is_narrowed(self) -> bool:
        return self != Asked(self.on)


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


def is_policy_staff(person: Person) -> bool:
    return person.has_perm("policies.change_version") or person.has_perm("policies.approve_version")


def readable_versions(person: Person) -> VersionQuerySet:
    """Published versions; those on their way only for the people who write and approve them."""
    return Version.objects.all() if is_policy_staff(person) else Version.objects.published()


def versions_asked(asked: Asked, person: Person) -> QuerySet[Version]:
    """The readable versions that are as asked for."""
    versions = readable_versions(person)
    if asked.line_of_business:
        versions = versions.for_line_of_business(asked.line_of_business)
    if asked.standing:
        versions = versions.filter(standing(asked.standing, asked.on))
    if asked.is_unread and isinstance(person, User):
        versions = unread(versions.filter(current(asked.on)), person)
    return versions


def bulletins_asked(asked: Asked, person: Person) -> QuerySet[Bulletin]:
    """The bulletins that are as asked for, by number."""
    found = _named(asked).filter(_has(versions_asked(asked, person)))
    return found.order_by("number")


def with_versions(
    bulletins: QuerySet[Bulletin], asked: Asked, person: Person
) -> QuerySet[Bulletin]:
    """The same with the versions as asked for, in order, at `asked_for`; one query more."""
    versions = versions_asked(asked, person).select_related("publication")
    slim = versions.defer(
        "content", "source_bytes", "not_understood", "legends", "change_note"
    ).order_by("ordinal")
    return bulletins.prefetch_related(Prefetch("versions", slim, to_attr="asked_for"))


def choices(asked: Asked, person: Person) -> Choices:
    """Every filter's choices with their counts. Four queries."""
    by_letter = _counted(
        bulletins_asked(replace(asked, letter=""), person).annotate(
            of=Upper(Left("title", 1)),
        )
    )
    letters = [Choice(one, one, by_letter.pop(one, 0)) for one in LETTERS]
    if others := sum(by_letter.values()):
        letters.append(Choice(NO_LETTER, "other", others))
    by_category = _counted(bulletins_asked(replace(asked, category=""), person), "category")
    standings, lines_of_business, any_standing = _of_versions(asked, person)
    return Choices(
        letters=letters,
        categories=[
            Choice(name or NO_CATEGORY, name or "not stated", count)
            for name, count in sorted(by_category.items(), key=lambda one: (not one[0], one[0]))
        ],
        standings=standings,
        lines_of_business=lines_of_business,
        any_standing=any_standing,
        unread=bulletins_asked(replace(asked, is_unread=True), person).order_by().count(),
    )


def _named(asked: Asked) -> QuerySet[Bulletin]:
    found = Bulletin.objects.all()
    for word in asked.words.split():
        named = Q(number__startswith=word) | Q(title__icontains=word) | Q(category__icontains=word)
        found = found.filter(named)
    if asked.category:
        found = found.filter(category="" if asked.category == NO_CATEGORY else asked.category)
    if asked.letter == NO_LETTER:
        return found.exclude(title__iregex="^[a-z]")
    return found.filter(title__istartswith=asked.letter) if asked.letter else found


def _has(versions: QuerySet[Version]) -> Exists:
    return Exists(versions.filter(bulletin=OuterRef("pk")))


def _counted(bulletins: QuerySet[Bulletin], name: str = "of") -> Counter[str]:
    rows = bulletins.order_by().values(name).annotate(count=Count("pk")).values_list(name, "count")
    return Counter(dict(rows))


def _of_versions(asked: Asked, person: Person) -> tuple[list[Choice], list[Choice], int]:
    """The choices of standings and of lines of business, and how many there are of any standing.

    Read as one row a version and counted here: a version has one standing, and asking the
    database about each choice apart takes ten times as long.
    """
    offered = [one for one in Standing if one not in ON_THEIR_WAY or is_policy_staff(person)]
    stands = Case(*[When(standing(one, asked.on), then=Value(one.value)) for one in Standing])
    versions = versions_asked(replace(asked, standing="", line_of_business=""), person)
    rows = versions.filter(bulletin__in=_named(asked).order_by()).values_list(
        "bulletin_id", stands, "lines_of_business"
    )
    by_standing: dict[str, set[int]] = {one.value: set() for one in offered}
    by_line: dict[str, set[int]] = {one.value: set() for one in LineOfBusiness}
    for bulletin, stand, lines in rows.order_by():
        if not asked.line_of_business or not lines or asked.line_of_business in lines:
            by_standing.setdefault(stand, set()).add(bulletin)
        if asked.standing in ("", stand):
            for line in lines or LineOfBusiness.values:
                by_line.setdefault(line, set()).add(bulletin)
    standings = [Choice(one.value, one.label, len(by_standing[one.value])) for one in offered]
    lines_of_business = [
        Choice(one.value, one.label, len(by_line[one.value])) for one in LineOfBusiness
    ]
    return standings, lines_of_business, len(set().union(*by_standing.values()))
