"""What is new in the library, by day, with what each version changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.comparison.tallies import Tally, tallies_of
from policies.forms import NewsForm
from policies.views.bulletins import reads_library
from policies.views.reading_marks import ChangedSince, marks_of
from policies.whats_new import Happening, happenings, since_days

PAGE = 60  # each may cost a comparison, once


@dataclass(frozen=True, slots=True)
class Entry:
    """A happening with what changed against the version before, and the reader's own mark."""

    happening: Happening
    tally: Tally | None
    mark: ChangedSince | None


@require_safe
@reads_library
def whats_new(request: HttpRequest) -> HttpResponse:
    """Versions published, taking effect or ended, the newest first, after all that is to come."""
    today = timezone.localdate()
    form = NewsForm(request.GET)
    days, below = form.days(), form.below()
    found = happenings(today=today, since=since_days(days, today), below=below, limit=PAGE + 1)
    entries = _entries(request, found[:PAGE], today)
    context = {
        "today": today,
        "days": [(day, list(some)) for day, some in groupby(entries, key=_day)],
        "asked_days": days,
        "spans": NewsForm.SPANS,
        "next": found[PAGE - 1].place if len(found) > PAGE else None,
        "is_later_page": below is not None,
        "wrong": [message for some in form.errors.values() for message in some],
    }
    return render(request, "policies/whats_new.html", context)


def _entries(request: HttpRequest, found: Sequence[Happening], today: date) -> list[Entry]:
    pairs = {one.place: (one.earlier, one.version) for one in found if one.earlier}
    tallies = tallies_of((before, after) for before, after in pairs.values())
    marks = marks_of([one.version for one in found], request.user, today)
    return [
        Entry(
            one,
            tallies[one.earlier.pk, one.version.pk] if one.earlier else None,
            marks.get(one.version.pk),
        )
        for one in found
    ]


def _day(entry: Entry) -> date:
    return entry.happening.day
