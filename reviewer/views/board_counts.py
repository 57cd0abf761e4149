"""The numbers of the board: one query for each cut, however many requests there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek

from policies.models import LineOfBusiness
from reviewer.models import Reviewer, Role
from reviewer.models.requests import RequestQuerySet
from reviewer.time import local_day, midnight
from reviewer.views.board_parts import (
    Part,
    decided,
    held_parts,
    parts_of,
    rows_of,
    weeks,
)

WORKING = (Role.NURSE_REVIEWER, Role.PHYSICIAN_REVIEWER)


@dataclass(frozen=True, slots=True)
class Counted:
    part: Part
    count: int


@dataclass(frozen=True, slots=True)
class Load:
    """What one person holds; without a person, what nobody has taken."""

    reviewer: Reviewer | None
    open: int
    today: int
    overdue: int

    @property
    def word(self) -> str:
        return str(self.reviewer.pk) if self.reviewer else "nobody"

    @property
    def later(self) -> int:
        return self.open - self.today - self.overdue


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    decided: int
    referred: int

    @property
    def rate(self) -> str:
        return f"{round(100 * self.referred / self.decided)} %" if self.decided else "none decided"


def counts_of(cut: str, seen: RequestQuerySet, *, at: datetime) -> list[Counted]:
    parts = parts_of(cut, at=at)
    counted = rows_of(cut, seen).aggregate(
        **{f"part{place}": Count("pk", filter=one.condition) for place, one in enumerate(parts)}
    )
    return [Counted(one, counted[f"part{place}"]) for place, one in enumerate(parts)]


def loads(seen: RequestQuerySet, *, lines: Sequence[str], at: datetime) -> list[Load]:
    """Whoever reviews these lines of business or holds one of the requests, the most pressed first;
    what nobody has taken stands at the end. Two queries."""
    counts = {name: Count("pk", filter=part.condition) for name, part in held_parts(at).items()}
    rows = seen.open().order_by().values("assigned_to")
    held: dict[int | None, list[int]] = {
        row[0]: list(row[1:]) for row in rows.annotate(**counts).values_list("assigned_to", *counts)
    }
    works = Q(role__in=WORKING, lines_of_business__overlap=list(lines), user__is_active=True)
    people = Reviewer.objects.filter(works | Q(pk__in=[pk for pk in held if pk]))
    nothing = [0] * len(counts)
    found = [Load(one, *held.get(one.pk, nothing)) for one in people.select_related("user")]
    found.sort(key=lambda one: (-one.overdue, -one.today, -one.open, str(one.reviewer)))
    return [*found, Load(None, *held.get(None, nothing))]


def decided_by_week(seen: RequestQuerySet, *, at: datetime) -> list[Week]:
    mondays = weeks(at)
    found = decided(seen, since=midnight(mondays[0])).annotate(week=TruncWeek("decided_at"))
    counted = {
        local_day(one["week"]): one
        for one in found.order_by()
        .values("week")
        .annotate(decided=Count("pk"), referred=Count("pk", filter=Q(was_referred=True)))
    }
    nothing = {"decided": 0, "referred": 0}
    told = [(monday, counted.get(monday, nothing)) for monday in mondays]
    return [Week(monday, one["decided"], one["referred"]) for monday, one in told]


def names_of(lines: Iterable[str]) -> str:
    """Lines of business as they are called, in the order of the list."""
    named = [str(one.label) for one in LineOfBusiness if one in set(lines)]
    return "every line of business" if len(named) == len(LineOfBusiness) else "; ".join(named)
