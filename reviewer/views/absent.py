"""Who is out, as pages show it: until when, who covers, and the open work that waits meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from reviewer.models import Absence, Appeal, Request, Reviewer
from reviewer.models.work import AbsenceQuerySet
from reviewer.time import local_day
from reviewer.views.time_left import TimeLeft, time_left
from reviewer.workflow.absences import may_change


@dataclass(frozen=True, slots=True)
class Out:
    """An absence with the open work of who is out, as far as the viewer sees it."""

    absence: Absence
    open: int
    pressing: int  # due before the person is back
    appeals: int
    left: TimeLeft | None  # of what is due first
    is_now: bool
    cover_is_out: bool
    is_mine: bool  # the viewer's own to change


def outs(absences: AbsenceQuerySet, *, seen_by: Reviewer, at: datetime) -> list[Out]:
    """In the order of the days; two queries, however many there are."""
    user, today = seen_by.user, local_day(at)
    seen = Request.objects.visible_to(user).open()
    of_one = seen.filter(assigned_to=OuterRef("reviewer")).order_by().values("assigned_to")
    due = of_one.filter(decision_due_at__date__lte=OuterRef("ends_on"))
    appeals = Appeal.objects.visible_to(user).open().filter(assigned_to=OuterRef("reviewer"))
    rows = absences.with_people().annotate(
        open=_count(of_one),
        pressing=_count(due),
        appeals=_count(appeals.order_by().values("assigned_to")),
        first_due=Subquery(of_one.values(due=Min("decision_due_at"))),
    )
    found: list[Any] = list(rows.order_by("starts_on", "ends_on", "pk"))
    doubtful = _covers_out(found)
    return [
        Out(
            absence=one,
            open=one.open,
            pressing=one.pressing,
            appeals=one.appeals,
            left=time_left(one.first_due, at=at) if one.open else None,
            is_now=one.starts_on <= today,
            cover_is_out=one.pk in doubtful,
            is_mine=may_change(one, seen_by),
        )
        for one in found
    ]


def _count(rows: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)


def _covers_out(absences: Iterable[Absence]) -> set[int]:
    """The absences whose cover is out on one of the days too."""
    keys = [one.pk for one in absences if one.cover_id]
    both = Absence.objects.filter(
        pk__in=keys,
        cover__absences__called_off_at__isnull=True,
        cover__absences__starts_on__lte=F("ends_on"),
        cover__absences__ends_on__gte=F("starts_on"),
    )
    return set(both.values_list("pk", flat=True))


def covered(person: Reviewer, *, at: datetime) -> list[Out]:
    """For whom the person stands in today, where open work waits."""
    day = local_day(at)
    mine = Absence.objects.on(day).filter(cover=person)
    if not mine.exists():  # most days nobody is out: a short question before the long one
        return []
    return [one for one in outs(mine, seen_by=person, at=at) if one.open]
