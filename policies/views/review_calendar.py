"""The calendar of next reviews: a strip of months, and the bulletins month by month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.forms import ReviewsForm
from policies.models import Version
from policies.reviews import (
    LATER,
    NO_CATEGORY,
    NOBODY,
    NOT_STATED,
    OVERDUE,
    Column,
    Place,
    categories,
    columns,
    due_in,
    in_order,
    owners,
    to_review,
)
from policies.views.bulletins import reads_library

PAGE = 200
WIDTH, HEIGHT = 60, 72  # of a column of the strip, in units of the drawing
_LOWEST = 3  # a month with one review still shows
NAMES = {OVERDUE: "Overdue", LATER: "Later", NOT_STATED: "Not stated"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A column as it is drawn: its place, its height, and what stands above and under it."""

    column: Column
    x: int
    y: int
    height: int
    name: str
    said: str

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2


@dataclass(frozen=True, slots=True)
class Row:
    version: Version
    when: str  # "overdue by 40 days", "in 12 days"
    is_overdue: bool


@require_safe
@reads_library
def review_calendar(request: HttpRequest) -> HttpResponse:
    """What is to be reviewed and when: overdue first, not stated last."""
    on = timezone.localdate()
    form = ReviewsForm(request.GET)
    given = form.given()
    versions = to_review(on=on, owner=given["owner"], category=given["category"])
    drawn = columns(versions, on)
    narrowed = due_in(versions, given["due"], on)
    found = list(in_order(narrowed, _place(given["after"]))[: PAGE + 1])
    context = {
        "on": on,
        "given": given,
        "bars": _bars(drawn, on),
        "width": WIDTH * len(drawn),
        "total": sum(one.count for one in drawn),
        "overdue": drawn[0].count,
        "months": _by_month(found[:PAGE], on),
        "next": _key(found[PAGE - 1]) if len(found) > PAGE else "",
        "owners": [*owners(on), (NOBODY, "nobody")],
        "categories": [(name or NO_CATEGORY, name or "not stated") for name in categories(on)],
        "is_narrowed": any(given[name] for name in ("owner", "category", "due")),
        "wrong": [message for some in form.errors.values() for message in some],
    }
    return render(request, "policies/review_calendar.html", context)


def _bars(drawn: Sequence[Column], on: date) -> list[Bar]:
    """Scaled to the highest; January and the first month carry their year."""
    most = max((one.count for one in drawn), default=0) or 1
    bars = []
    for place, one in enumerate(drawn):
        height = max(round(one.count / most * HEIGHT), _LOWEST) if one.count else 0
        name = f"{one.month:%b}" if one.month else NAMES[one.due]
        whole = f"{one.month:%B %Y}" if one.month else NAMES[one.due]
        is_year = one.month is not None and (one.month.month == 1 or one.month <= on)
        if one.month and is_year:
            name = f"{name} {one.month:%Y}"
        said = f"{whole}: {one.count} {'review' if one.count == 1 else 'reviews'}"
        bars.append(Bar(one, place * WIDTH, HEIGHT - height, height, name, said))
    return bars


def _by_month(found: Iterable[Version], on: date) -> list[tuple[str, list[Row]]]:
    rows = [_row(version, on) for version in found]
    return [(name, list(some)) for name, some in groupby(rows, key=_heading)]


def _heading(row: Row) -> str:
    day = row.version.next_review
    if day is None:
        return "Not stated"
    return "Overdue" if row.is_overdue else f"{day:%B %Y}"


def _row(version: Version, on: date) -> Row:
    day = version.next_review
    if day is None:
        return Row(version, "", is_overdue=False)
    if day < on:
        return Row(version, f"overdue by {_days((on - day).days)}", is_overdue=True)
    return Row(version, "today" if day == on else f"in {_days((day - on).days)}", is_overdue=False)


def _place(after: str) -> Place | None:
    """The place that an address names; None for nothing and for nonsense."""
    day, slash, number = after.partition("/")
    if not slash:
        return None
    try:
        return (date.fromisoformat(day) if day != "-" else None), number
    except ValueError:
        return None


def _key(version: Version) -> str:
    return f"{version.next_review or '-'}/{version.bulletin.number}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"
