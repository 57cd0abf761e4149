"""The supervisor's board: where time runs out, who holds what, and the lists behind the numbers."""

from datetime import date, datetime
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reviewer.access import get_reviewer, note_shown
from reviewer.decorators import needs
from reviewer.models import Request, Reviewer
from reviewer.models.requests import RequestQuerySet
from reviewer.time import midnight, now
from reviewer.views import worklist
from reviewer.views.board_counts import counts_of, decided_by_week, loads, names_of
from reviewer.views.board_drawing import charts, load_bars, week_bars
from reviewer.views.board_parts import (
    AGE,
    TIME,
    TITLES,
    WAITING,
    decided,
    held_parts,
    in_week,
    parts_of,
    rows_of,
    weeks,
)
from reviewer.views.worklist_filters import people, read_filters

SUPERVISE: Final = "reviewer.assign_request"
HELD: Final = "held"
DECIDED_SHOWN: Final = 200
WHICH: Final = {"all": "decided", "second-level": "decided after a referral to a physician"}


@require_safe
@needs(SUPERVISE)
def board(http_request: HttpRequest) -> HttpResponse:
    """Six queries of its own, however many requests there are."""
    at, lines = now(), get_reviewer(http_request).lines_of_business
    seen = Request.objects.visible_to(http_request.user)
    found = {cut: counts_of(cut, seen, at=at) for cut in (TIME, AGE, WAITING)}
    decisions = decided_by_week(seen, at=at)
    context = {
        "at": at,
        "lines": names_of(lines),
        "charts": charts(found),
        "weeks": week_bars(decisions),
        "decided": sum(one.decided for one in decisions),
        "referred": sum(one.referred for one in decisions),
        "loads": load_bars(loads(seen, lines=lines, at=at)),
    }
    return render(http_request, "reviewer/board.html", context)


@require_safe
@needs(SUPERVISE)
def board_list(http_request: HttpRequest, cut: str, part: str) -> HttpResponse:
    """The open requests that a number of the board counts, as a worklist."""
    at = now()
    seen = Request.objects.visible_to(http_request.user)
    filters = read_filters(http_request.GET, among=people())
    title, rows = _held(seen, part, at) if cut == HELD else _cut(seen, cut, part, at)
    context = {
        "title": title,
        "list": worklist.build(http_request, rows, filters=filters, at=at),
        "names_member": False,
    }
    return worklist.answer(http_request, "reviewer/board_list.html", context)


def _cut(seen: RequestQuerySet, cut: str, word: str, at: datetime) -> tuple[str, RequestQuerySet]:
    if cut in TITLES:
        for one in parts_of(cut, at=at):
            if one.word == word:
                return f"{TITLES[cut]}: {one.label}", rows_of(cut, seen).filter(one.condition)
    raise Http404("The board has no such number.")


def _held(seen: RequestQuerySet, word: str, at: datetime) -> tuple[str, RequestQuerySet]:
    """Of an address as 12-overdue: the requests that the person holds, or nobody does."""
    whose, _, name = word.rpartition("-")
    part = held_parts(at).get(name)
    if part is None or not (whose == "nobody" or whose.isdecimal()):
        raise Http404("The board has no such number.")
    rows = seen.open().filter(part.condition)
    more = "" if name == "open" else f", {part.label}"
    if whose == "nobody":
        return f"Open requests nobody has taken{more}", rows.filter(assigned_to=None)
    person = get_object_or_404(Reviewer.objects.select_related("user"), pk=int(whose[:9]))
    return f"Open requests with {person}{more}", rows.filter(assigned_to=person)


@require_safe
@needs(SUPERVISE)
def board_decided(http_request: HttpRequest, week: str, which: str) -> HttpResponse:
    """The requests of a week's rate, the last decided first."""
    at = now()
    monday = _monday(week, at)
    if which not in WHICH:
        raise Http404("The board has no such number.")
    seen = Request.objects.visible_to(http_request.user)
    found = decided(seen, since=midnight(monday)).filter(in_week(monday))
    if which == "second-level":
        found = found.filter(was_referred=True)
    rows = list(found.order_by("-decided_at", "-pk")[:DECIDED_SHOWN])
    note_shown(http_request, [one.number for one in rows])
    context = {
        "title": f"Requests {WHICH[which]}",
        "monday": monday,
        "rows": rows,
        "count": found.count(),
    }
    return render(http_request, "reviewer/board_decided.html", context)


def _monday(word: str, at: datetime) -> date:
    for one in weeks(at):
        if one.isoformat() == word:
            return one
    raise Http404("The board has no such week.")
