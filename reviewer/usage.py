"""How the reviewing uses the library, as numbers: codes requested, bulletins cited, lines decided.

Only codes, keys of bulletins and counts leave this module: no member, no request, no reviewer.
"""

from collections import Counter
from datetime import timedelta

from django.db.models import Count

from policies.reading import codes
from policies.usage import Code, Decided, Period, Usage
from reviewer.models import Determination, Outcome, ServiceLine
from reviewer.models.determinations import ADVERSE
from reviewer.time import midnight

DECIDED = (Outcome.APPROVED, *ADVERSE)


def used(period: Period) -> Usage:
    """Three queries. A line counts on the day its request came in, a decision on the day it was
    signed; a decision that another has replaced counts no more."""
    approved, decided = _decisions(period)
    return Usage(_requested(period), _cited(period), decided, approved)


def _requested(period: Period) -> Counter[Code]:
    first, after = midnight(period.first), midnight(period.last + timedelta(days=1))
    lines = ServiceLine.objects.filter(
        request__received_at__gte=first, request__received_at__lt=after
    )
    counted = lines.order_by().values_list("system", "code").annotate(count=Count("pk"))
    requested: Counter[Code] = Counter()
    for system, code, count in counted:
        requested[system, codes.normalise(code)] += count
    return requested


def _cited(period: Period) -> Counter[int]:
    """Decisions by the bulletin whose version they rest on; those replaced since among them."""
    signed = Determination.objects.filter(signed_on__range=period, version__isnull=False)
    counted = signed.order_by().values_list("version__bulletin").annotate(count=Count("pk"))
    return Counter(dict(counted))


def _decisions(period: Period) -> tuple[Counter[Decided], Counter[Decided]]:
    """Lines approved as asked, and all decided: none that was withdrawn or dismissed."""
    holding = Determination.objects.filter(
        signed_on__range=period, outcome__in=DECIDED, active_for__isnull=False
    )
    counted = (
        holding.order_by()
        .values_list(
            "outcome", "line__system", "line__code", "request__line_of_business",
            "request__coverage__plan", "request__jurisdiction",
        )
        .annotate(count=Count("pk"))
    )  # fmt: skip
    approved: Counter[Decided] = Counter()
    decided: Counter[Decided] = Counter()
    for outcome, system, code, line_of_business, plan, state, count in counted:
        kind = Decided((system, codes.normalise(code)), line_of_business, plan, state)
        decided[kind] += count
        if outcome == Outcome.APPROVED:
            approved[kind] += count
    return approved, decided
