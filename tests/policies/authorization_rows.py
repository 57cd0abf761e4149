"""Rows of the authorization list, made by hand."""

from datetime import date

from policies.models import AuthorizationList, AuthorizationRule
from policies.reading import codes, document
from tests.policies.library import AT


def kept(low, requirement, high="", source="2026 authorization list", **options):
    """A row of the list, for all and from 2026-01-01 unless said otherwise."""
    high = high or low
    lower, upper = codes.bounds(document.CodeSpan(low, high, False, False))
    document_of_it, _ = AuthorizationList.objects.get_or_create(
        name=source, defaults={"entered_at": AT}
    )
    options = {"valid_from": date(2026, 1, 1), "system": codes.system_of("", low)} | options
    return AuthorizationRule.objects.create(
        source=document_of_it, low=low, high=high, lower=lower, upper=upper,
        requirement=requirement, **options,
    )  # fmt: skip
