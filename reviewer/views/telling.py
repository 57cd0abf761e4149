"""To tell: what was decided, and of which the member or the provider was not told yet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, cast

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewer.access import note_shown
from reviewer.decorators import needs
from reviewer.models import Appeal, AppealDecision, Clock, Determination, Notice, Request
from reviewer.models.clocks import ClockQuerySet
from reviewer.time import now
from reviewer.views.counting import counts_of
from reviewer.views.time_left import TimeLeft, time_left
from reviewer.workflow.told import decisions_not_told, not_told

ROWS: Final = 50
CLOCKS: Final = 6  # at most so many go of one determination: to whom, by what, confirmed


@dataclass(frozen=True, slots=True)
class Owed:
    """A decision, what is left to tell of it, and whom. `appeal` is the one that it decides."""

    determination: Determination
    appeal: Appeal | None
    outcome: str
    by: str
    on: date
    due_at: datetime | None
    left: TimeLeft
    whom: str


@require_safe
@needs("reviewer.view_determination")
def work_to_tell(http_request: HttpRequest) -> HttpResponse:
    """The least time left first; `signed=me` shows what one has signed oneself."""
    user, at = cast(User, http_request.user), now()
    every, appealed = owed_to_tell(user)
    by = getattr(user, "reviewer", None)
    own, own_appealed = every.filter(signed_by=by), appealed.filter(decided_by=by)
    is_own = http_request.GET.get("signed") == "me"
    found = counts_of(every=every, own=own, appealed=appealed, own_appealed=own_appealed)
    counts = {
        "every": found["every"] + found["appealed"],
        "own": found["own"] + found["own_appealed"],
    }
    rows = [
        *_of_determinations(own if is_own else every, at),
        *_of_appeals(own_appealed if is_own else appealed, at),
    ]
    rows.sort(key=lambda one: (one.due_at is None, one.due_at or at))
    rows = rows[:ROWS]
    note_shown(http_request, [one.determination.request.number for one in rows])
    context = {
        "rows": rows,
        "counts": counts,
        "is_own": is_own,
        "total": counts["own" if is_own else "every"],
    }
    return render(http_request, "reviewer/work_to_tell.html", context)


def owed_to_tell(user: User) -> tuple[QuerySet[Determination], QuerySet[AppealDecision]]:
    """Determinations, and decisions of appeals that left one in force, of which not everyone was
    told."""
    requests = Request.objects.visible_to(user).to_tell_of()
    return not_told(requests), decisions_not_told(Appeal.objects.visible_to(user))


def _of_determinations(found: QuerySet[Determination], at: datetime) -> Iterator[Owed]:
    """The first of them: by the clock that ends first, then those that no rule limits."""
    due = _due_first(found)
    listed = list(due)
    if len(listed) < ROWS:
        unlimited = found.filter(~Exists(_going().filter(determination=OuterRef("pk"))))
        listed += unlimited.order_by("pk").values_list("pk", flat=True)[: ROWS - len(listed)]
    related = Determination.objects.defer("capsule").select_related(
        "request", "line", "signed_by__user", "appeal_decision__appeal"
    )
    for one in related.filter(pk__in=listed).order_by("pk").prefetch_related("notices"):
        appeal = one.appeal_decision.appeal if one.appeal_decision else None
        yield Owed(
            determination=one,
            appeal=appeal,
            outcome=one.get_outcome_display(),
            by=str(one.signed_by),
            on=one.signed_on,
            due_at=due.get(one.pk),
            left=time_left(due.get(one.pk), at=at),
            whom=_whom(one.notices.all(), appeal.pk if appeal else None),
        )


def _due_first(found: QuerySet[Determination]) -> dict[int, datetime | None]:
    """By determination when its first clock ends, read in that order: no more than a page."""
    rows = _going().filter(determination__in=found).order_by("due_at", "id")
    due: dict[int, datetime | None] = {}
    for pk, moment in rows.values_list("determination", "due_at")[: ROWS * CLOCKS]:
        if pk is not None and len(due) < ROWS:
            due.setdefault(pk, moment)
    return due


def _going() -> ClockQuerySet:
    return Clock.objects.going().filter(determination__isnull=False)


def _of_appeals(found: QuerySet[AppealDecision], at: datetime) -> Iterator[Owed]:
    going = Clock.objects.going().filter(appeal=OuterRef("appeal"), determination__isnull=False)
    due = going.order_by(F("due_at").asc(nulls_last=True)).values("due_at")[:1]
    related = found.select_related(
        "appeal", "determination__request", "determination__line", "decided_by__user"
    )
    ordered = related.annotate(due=Subquery(due)).order_by(F("due").asc(nulls_last=True), "pk")
    for one in ordered.prefetch_related("appeal__notices")[:ROWS]:
        yield Owed(
            determination=one.determination,
            appeal=one.appeal,
            outcome=one.get_outcome_display(),
            by=str(one.decided_by),
            on=one.decided_on,
            due_at=one.due,
            left=time_left(one.due, at=at),
            whom=_whom(one.appeal.notices.all(), one.appeal_id),
        )


def _whom(notices: Iterable[Notice], appeal: int | None) -> str:
    """Who is left to be told, of a determination or of the decision of an appeal."""
    told = {
        one.recipient
        for one in notices
        if one.kind in Notice.IN_WRITING
        or (one.kind == Notice.Kind.APPEAL and one.appeal_id == appeal)
    }
    waiting = [who.label.lower() for who in Notice.Recipient if who.value not in told]
    return " and ".join(waiting).capitalize()
