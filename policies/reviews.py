"""When the versions that hold today are to be reviewed next: overdue first, not stated last."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from policies.models import Version
from policies.models.versions import VersionQuerySet
from policies.stages import current

MONTHS = 12  # drawn one by one; what comes after is one bar
OVERDUE, LATER, NOT_STATED = "overdue", "later", "not-stated"
NOBODY = NO_CATEGORY = "-"
Place = tuple[date | None, str]  # a next review, or none stated, and a bulletin's number


@dataclass(frozen=True, slots=True)
class Column:
    """A month of the calendar, or what stands before, after or beside the months."""

    due: str
    month: date | None
    count: int


def to_review(*, on: date, owner: str, category: str) -> VersionQuerySet:
    """The versions that hold on the day, of an owner (a key, or "-") and in a category."""
    versions = Version.objects.filter(current(on))
    if owner:
        asked = Q(bulletin__owner__isnull=True) if owner == NOBODY else Q(bulletin__owner=owner)
        versions = versions.filter(asked)
    if category:
        name = "" if category == NO_CATEGORY else category
        versions = versions.filter(bulletin__category=name)
    return versions


def due_in(versions: VersionQuerySet, due: str, on: date) -> VersionQuerySet:
    """Those of one column: overdue, of a month ("2026-03"), later, not stated; all for ""."""
    if not due:
        return versions
    if due == OVERDUE:
        return versions.filter(next_review__lt=on)
    if due == NOT_STATED:
        return versions.filter(next_review__isnull=True)
    if due == LATER:
        return versions.filter(next_review__gte=list(months(on))[-1])
    first = date.fromisoformat(f"{due}-01")
    in_month = versions.filter(next_review__gte=first, next_review__lt=_after(first))
    return in_month.filter(next_review__gte=on)


def in_order(versions: VersionQuerySet, below: Place | None) -> QuerySet[Version]:
    """By the day of the next review and the number; below a place only what follows it."""
    if below:
        day, number = below
        same_day = Q(next_review=day) if day else Q(next_review__isnull=True)
        follows = Q(next_review__gt=day) | Q(next_review__isnull=True) if day else Q(pk__in=[])
        versions = versions.filter(Q(same_day, bulletin__number__gt=number) | follows)
    related = versions.select_related("bulletin__owner", "publication")
    slim = related.defer("content", "source_bytes", "not_understood", "legends")
    return slim.order_by(F("next_review").asc(nulls_last=True), "bulletin__number")


def columns(versions: VersionQuerySet, on: date) -> list[Column]:
    """The calendar: overdue, this month and those after it, later, not stated. Two queries."""
    counts = versions.aggregate(
        overdue=Count("pk", filter=Q(next_review__lt=on)),
        unstated=Count("pk", filter=Q(next_review__isnull=True)),
    )
    coming = versions.filter(next_review__gte=on).annotate(month=TruncMonth("next_review"))
    by_month = dict(
        coming.order_by().values("month").annotate(count=Count("pk")).values_list("month", "count")
    )
    drawn = list(months(on))[:-1]
    later = sum(count for month, count in by_month.items() if month not in drawn)
    return [
        Column(OVERDUE, None, counts["overdue"]),
        *(Column(f"{one:%Y-%m}", one, by_month.get(one, 0)) for one in drawn),
        Column(LATER, None, later),
        Column(NOT_STATED, None, counts["unstated"]),
    ]


def months(on: date) -> Iterator[date]:
    """The first days of the months that are drawn, and of the month after the last."""
    month = on.replace(day=1)
    for _ in range(MONTHS + 1):
        yield month
        month = _after(month)


def owners(on: date) -> list[tuple[str, str]]:
    """Who owns a bulletin that holds: key and name. One query."""
    owned = Version.objects.filter(current(on)).values("bulletin__owner")
    people = User.objects.filter(pk__in=owned).order_by("last_name", "first_name", "username")
    return [(str(one.pk), one.get_full_name() or one.get_username()) for one in people]


def categories(on: date) -> list[str]:
    """The categories of the bulletins that hold; an empty name where none is stated."""
    names = Version.objects.filter(current(on)).values_list("bulletin__category", flat=True)
    return list(names.order_by("bulletin__category").distinct())


def _after(month: date) -> date:
    """The first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
