"""How the board cuts the record into parts. A number and the list that it opens share one part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from reviewer.models import Determination, Event, Referral, Request
from reviewer.models.determinations import UNSIGNED
from reviewer.models.requests import RequestQuerySet
from reviewer.time import local_day, midnight
from reviewer.views.time_left import SOON

WEEKS: Final = 8
TIME: Final = "time-left"
AGE: Final = "age"
WAITING: Final = "waiting"
# The least whole days of a part, with its word in the address and its label.
DAYS: Final = (
    (0, "0", "today"),
    (1, "1-2", "1 to 2 days"),
    (3, "3-6", "3 to 6 days"),
    (7, "7-13", "7 to 13 days"),
    (14, "14-29", "14 to 29 days"),
    (30, "30", "30 days or more"),
)
TITLES: Final = {
    TIME: "Open requests by time left",
    AGE: "Open requests by days since receipt",
    WAITING: "Requests that wait for information",
}
STARTED: Final = Request.State.INCOMPLETE


@dataclass(frozen=True, slots=True)
class Part:
    word: str  # in the address
    label: str
    condition: Q
    look: str = ""


def time_parts(at: datetime) -> list[Part]:
    """By the decision's limit; whatever the law stops or no rule limits stands by itself."""
    stopped = Q(decision_tolled_until__gte=at)
    goes = Q(decision_tolled_until__isnull=True) | Q(decision_tolled_until__lt=at)
    parts = [Part("overdue", "overdue", goes & Q(decision_due_at__lt=at), "late")]
    since = at
    for word, label, span in (
        ("8h", "under 8 h", SOON),
        ("24h", "under 24 h", timedelta(hours=24)),
        ("3d", "under 3 d", timedelta(days=3)),
    ):
        within = Q(decision_due_at__gte=since, decision_due_at__lt=at + span)
        parts.append(Part(word, label, goes & within, "soon" if span == SOON else ""))
        since = at + span
    return [
        *parts,
        Part("later", "later", goes & Q(decision_due_at__gte=since), "calm"),
        Part("stopped", "stopped by law", stopped, "calm"),
        Part("none", "no limit stated", goes & Q(decision_due_at__isnull=True), "calm"),
    ]


def day_parts(at: datetime, field: str) -> list[Part]:
    """By the days of the calendar that have passed since a moment of each row."""
    today, parts = local_day(at), []
    beyond = [least for least, _, _ in DAYS[1:]]
    for (least, word, label), most in zip(DAYS, [*beyond, None], strict=True):
        condition = Q() if least == 0 else Q(**{f"{field}__lt": _days_ago(today, least - 1)})
        if most is not None:
            condition &= Q(**{f"{field}__gte": _days_ago(today, most - 1)})
        parts.append(Part(word, label, condition))
    return parts


def _days_ago(today: date, days: int) -> datetime:
    return midnight(today - timedelta(days=days))


def parts_of(cut: str, *, at: datetime) -> Sequence[Part]:
    """Every part of a cut; together they hold each of its rows once."""
    if cut == TIME:
        return time_parts(at)
    return day_parts(at, "received_at" if cut == AGE else "waits_since")


def rows_of(cut: str, seen: RequestQuerySet) -> RequestQuerySet:
    """The requests that a cut is made of."""
    return pended(seen) if cut == WAITING else seen.open()


def pended(seen: RequestQuerySet) -> RequestQuerySet:
    """Requests that wait for information, with the moment since when."""
    began = Event.objects.filter(request=OuterRef("pk"), after__state=STARTED)
    last = began.exclude(before__state=STARTED).order_by("-at", "-id")
    waiting = seen.filter(state=STARTED)
    return waiting.annotate(waits_since=Subquery(last.values("at")[:1]))


def held_parts(at: datetime) -> dict[str, Part]:
    """What of a person's open requests a number of the workload counts."""
    tomorrow = midnight(local_day(at) + timedelta(days=1))
    return {
        "open": Part("open", "open", Q()),
        "today": Part(
            "today", "due today", Q(decision_due_at__gte=at, decision_due_at__lt=tomorrow)
        ),
        "overdue": Part("overdue", "overdue", Q(decision_due_at__lt=at)),
    }


def weeks(at: datetime) -> list[date]:
    """The Mondays of the last weeks, the present one last."""
    today = local_day(at)
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def in_week(monday: date) -> Q:
    after = midnight(monday + timedelta(weeks=1))
    return Q(decided_at__gte=midnight(monday), decided_at__lt=after)


def decided(seen: RequestQuerySet, *, since: datetime) -> QuerySet[Any]:
    """Requests whose lines were all decided since, with when the last was first signed and
    whether the request had been referred to a physician by then."""
    first = Determination.objects.filter(replaces=None).exclude(outcome__in=UNSIGNED)
    of_one = first.filter(request=OuterRef("pk")).order_by().values("request")
    undecided = [one for one in Request.OPEN if one != Request.State.REOPENED]
    recent = first.filter(signed_at__gte=since).order_by().values("request")
    found = seen.filter(pk__in=recent).exclude(state__in=undecided)
    with_time = found.annotate(
        decided_at=Subquery(of_one.annotate(last=Max("signed_at")).values("last"))
    )
    referral = Referral.objects.filter(
        request=OuterRef("pk"), referred_at__lte=OuterRef("decided_at")
    )
    return with_time.annotate(was_referred=Exists(referral))
