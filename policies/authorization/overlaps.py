"""Rows that speak of the same people on the same days as another, of some of the same codes."""

from django.db.models import F, Q, QuerySet

from policies.models import AuthorizationRule


def overlapping(row: AuthorizationRule) -> "QuerySet[AuthorizationRule]":
    """The rows that overlap one that is not stored yet; withdrawn ones are none."""
    same = AuthorizationRule.objects.filter(
        system=row.system,
        lower__lte=row.upper,
        upper__gte=row.lower,
        line_of_business=row.line_of_business,
        plan__iexact=row.plan,
        state=row.state,
    )
    ends_after = Q(valid_to__isnull=True) | Q(valid_to__gte=row.valid_from)
    if row.valid_to:
        same = same.filter(valid_from__lte=row.valid_to)
    withdrawn = Q(valid_to__isnull=False, valid_to__lt=F("valid_from"))
    return same.filter(ends_after).exclude(withdrawn).select_related("source")
