"""To tell: what was decided, and of which the member or the provider was not told yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from django.contrib.auth.models import User
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewer.access import note_shown
from reviewer.decorators import needs
from reviewer.models import Clock, Determination, Notice, Request
from reviewer.time import now
from reviewer.views.counting import counts_of
from reviewer.views.time_left import TimeLeft, time_left
from reviewer.workflow.told import not_told

ROWS: Final = 50


@dataclass(frozen=True, slots=True)
class Owed:
    """A determination, what is left to tell of it, and whom."""

    determination: Determination
    left: TimeLeft
    whom: str


@require_safe
@needs("reviewer.view_determination")
def work_to_tell(http_request: HttpRequest) -> HttpResponse:
    """The least time left first; `signed=me` shows what one has signed oneself."""
    user = cast(User, http_request.user)
    every = not_told(Request.objects.visible_to(user).exclude(state=Request.State.CLOSED))
    own = every.filter(signed_by__user=user)
    is_own = http_request.GET.get("signed") == "me"
    counts = counts_of(every=every, own=own)
    rows = _owed(own if is_own else every, now())
    note_shown(http_request, [one.determination.request.number for one in rows])
    context = {
        "rows": rows,
        "counts": counts,
        "is_own": is_own,
        "total": counts["own" if is_own else "every"],
    }
    return render(http_request, "reviewer/work_to_tell.html", context)


def _owed(found: QuerySet[Determination], at: datetime) -> list[Owed]:
    going = Clock.objects.going().filter(determination=OuterRef("pk"))
    due = going.order_by(F("due_at").asc(nulls_last=True)).values("due_at")[:1]
    related = found.select_related("request", "line", "signed_by__user").annotate(due=Subquery(due))
    ordered = related.order_by(F("due").asc(nulls_last=True), "pk").prefetch_related("notices")
    return [Owed(one, time_left(one.due, at=at), _whom(one)) for one in ordered[:ROWS]]


def _whom(determination: Determination) -> str:
    told = {one.recipient for one in determination.notices.all() if one.kind in Notice.IN_WRITING}
    waiting = [who.label.lower() for who in Notice.Recipient if who.value not in told]
    return " and ".join(waiting).capitalize()
