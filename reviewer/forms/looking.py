"""Intake: what is known of a page's codes before it is entered: sets, list, requests alike."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q

from policies.authorization import Coverage as Covered
from policies.authorization import Rows
from reviewer.forms.codes import check_code
from reviewer.forms.fields import sent
from reviewer.forms.lines import CodeRow, LineForm
from reviewer.models import Coverage, Request


def check_rows(rows: Iterable[CodeRow], *, today: date, first_day: date | None) -> None:
    """Look up every code that was typed, on its own first day or the first one of all."""
    for row in rows:
        is_line = isinstance(row, LineForm)
        if typed := sent(row, "code"):
            on = (sent(row, "starts_on") if is_line else first_day) or today
            row.check = check_code(typed, on=on, is_diagnosis=not is_line)


def first_day_of(lines: Iterable[CodeRow]) -> date | None:
    days = (sent(line, "starts_on") for line in lines)
    return min((one for one in days if one), default=None)


def ask_authorization(lines: Sequence[LineForm], coverage: Coverage | None, *, today: date) -> None:
    """What the authorization list says of each line under the coverage; one query or two."""
    known = [(line, line.check) for line in lines if line.check and line.check.is_good]
    if coverage is None or not known:
        return
    under = Covered(coverage.line_of_business, coverage.plan, coverage.jurisdiction)
    listed = Rows([check.key for _, check in known])
    for line, check in known:
        on = sent(line, "starts_on") or today
        line.authorization = listed.needed(check.key, on=on, coverage=under)


def possible_duplicates(
    user: User | AnonymousUser, member: int, lines: Iterable[LineForm]
) -> list[Request]:
    """Requests for the same member that name one of the codes on days that overlap."""
    alike, is_any = Q(), False
    for line in lines:
        days: tuple[Any, Any] = (sent(line, "starts_on"), sent(line, "ends_on"))
        if line.check and all(days):
            is_any = True
            alike |= Q(
                lines__code=line.check.key,
                lines__starts_on__lte=days[1],
                lines__ends_on__gte=days[0],
            )
    if not is_any:
        return []
    seen = Request.objects.visible_to(user).filter(alike, member=member)
    return list(seen.distinct().prefetch_related("lines").order_by("-received_at")[:5])
