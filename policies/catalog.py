"""The bulletins of the library, narrowed by what a reader asks for.

A filter asks for versions that are so: a bulletin is listed where one of its readable versions
meets all that was asked of versions.
"""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from policies.models import Bulletin, Version
from policies.models.versions import VersionQuerySet
from policies.readers import unread
from policies.stages import current, standing

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO_LETTER = "other"  # titles that begin with a figure, a sign or another alphabet
NO_CATEGORY = "-"
_SHOWN = (
    "bulletin", "ordinal", "status", "next_review", "effective_stated", "author", "approver",
    "publication__effective_from", "publication__ended_on", "publication__successor",
    "publication__published_by",
)  # fmt: skip
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
    found = bulletins_named(asked).filter(_has(versions_asked(asked, person)))
    return found.order_by("number")


def with_versions(
    bulletins: QuerySet[Bulletin], asked: Asked, person: Person
) -> QuerySet[Bulletin]:
    """The same with the versions as asked for, in order, at `asked_for`; one query more."""
    versions = versions_asked(asked, person).select_related("publication")
    slim = versions.only(*_SHOWN).order_by("ordinal")
    return bulletins.prefetch_related(Prefetch("versions", slim, to_attr="asked_for"))


def bulletins_named(asked: Asked) -> QuerySet[Bulletin]:
    """The bulletins whose number, title and category are as asked for."""
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
