"""The versions that someone may read."""

from functools import cache

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import TextField

from policies.catalog import is_policy_staff, readable_versions
from policies.models import Version
from policies.prepared import PreparedModels, Row, Slot, with_one

_WITH = ("bulletin", "publication", "author", "approver")


def versions_of(number: str, user: User | AnonymousUser) -> list[Version]:
    """The readable versions of a bulletin in their order, without their long texts. One query."""
    asked = _of_bulletin(with_drafts=is_policy_staff(user))
    return [_with_facts(row) for row in asked.ask(number=number)]


@cache
def _of_bulletin(*, with_drafts: bool) -> PreparedModels:
    readable = Version.objects.all() if with_drafts else Version.objects.published()
    found = readable.filter(bulletin__number=Slot("number", TextField())).order_by("ordinal")
    shown = found.defer("content", "source_bytes", "not_understood", "legends")
    return PreparedModels(shown, *_WITH)


def _with_facts(row: Row) -> Version:
    version: Version
    version, *facts = row
    for name, fact in zip(_WITH, facts, strict=True):
        with_one(version, name, fact)
    return version


def version_with_text(number: str, ordinal: int, user: User | AnonymousUser) -> Version | None:
    """One readable version with the content that its hash speaks for."""
    asked = readable_versions(user).filter(bulletin__number=number, ordinal=ordinal)
    with_facts = asked.select_related(
        "bulletin", "author", "approver",
        "publication__successor", "publication__published_by",
    )  # fmt: skip
    return with_facts.defer("source_bytes").first()
