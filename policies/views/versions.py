"""The versions that someone may read."""

from django.contrib.auth.models import AnonymousUser, User

from policies.catalog import readable_versions
from policies.models import Version


def versions_of(number: str, user: User | AnonymousUser) -> list[Version]:
    """The readable versions of a bulletin in their order, without their long texts."""
    found = readable_versions(user).filter(bulletin__number=number).order_by("ordinal")
    with_facts = found.select_related("bulletin", "publication", "author", "approver")
    return list(with_facts.defer("content", "source_bytes", "not_understood", "legends"))


def version_with_text(number: str, ordinal: int, user: User | AnonymousUser) -> Version | None:
    """One readable version with the content that its hash speaks for."""
    asked = readable_versions(user).filter(bulletin__number=number, ordinal=ordinal)
    with_facts = asked.select_related(
        "bulletin", "author", "approver",
        "publication__successor", "publication__published_by",
    )  # fmt: skip
    return with_facts.defer("source_bytes").first()
