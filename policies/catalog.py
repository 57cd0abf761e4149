"""The bulletins of the library, narrowed by what a reader asks for, and how many there are of each.

A filter asks for versions that are so: a bulletin is listed where one of its readable versions
meets all that was asked of versions. Each choice is counted as the list would be with it.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
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
    versions = versions_asked(asked, person).select_related("bulletin", "publication")
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
    standings, any_standing, unread_count = _standings(asked, person)
    return Choices(
        letters=letters,
        categories=[
            Choice(name or NO_CATEGORY, name or "not stated", count)
            for name, count in sorted(by_category.items(), key=lambda one: (not one[0], one[0]))
        ],
        standings=standings,
        lines_of_business=_lines_of_business(asked, person),
        any_standing=any_standing,
        unread=unread_count,
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


def _standings(asked: Asked, person: Person) -> tuple[list[Choice], int, int]:
    """The choices of standings, how many there are of any, and how many are unread."""
    offered = [one for one in Standing if one not in ON_THEIR_WAY or is_policy_staff(person)]
    ways = {f"s{place}": replace(asked, standing=one) for place, one in enumerate(offered)}
    ways |= {"any": replace(asked, standing=""), "unread": replace(asked, is_unread=True)}
    found = _aggregated(ways, asked, person)
    standings = [
        Choice(one.value, one.label, found[f"s{place}"]) for place, one in enumerate(offered)
    ]
    return standings, found["any"], found["unread"]


def _lines_of_business(asked: Asked, person: Person) -> list[Choice]:
    ways = {
        f"l{place}": replace(asked, line_of_business=one)
        for place, one in enumerate(LineOfBusiness)
    }
    found = _aggregated(ways, asked, person)
    return [
        Choice(one.value, one.label, found[f"l{place}"]) for place, one in enumerate(LineOfBusiness)
    ]


def _aggregated(ways: dict[str, Asked], asked: Asked, person: Person) -> dict[str, int]:
    """How many bulletins each way of asking of versions would find. One query."""
    counts = {
        name: Count("pk", filter=_has(versions_asked(one, person))) for name, one in ways.items()
    }
    return _named(asked).aggregate(**counts)
