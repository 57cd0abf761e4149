"""A worklist: filters that live in the address, counts that agree with it, pages by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django_htmx.http import HttpResponseClientRefresh, push_url

from reviewer.access import note_shown
from reviewer.models import Request, ServiceLine
from reviewer.models.requests import RequestQuerySet
from reviewer.time import local_day, midnight
from reviewer.views.bench import Bench, bench_of
from reviewer.views.counting import counts_of
from reviewer.views.governed import governed_by
from reviewer.views.time_left import TimeLeft, decision_left
from reviewer.views.worklist_filters import Filters

ROWS: Final = 50
ROW: Final = "reviewer/parts/work_rows.html"


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    count: int
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One request as a worklist shows it."""

    request: Request
    left: TimeLeft
    governed: Sequence[str]
    peek: Bench | None = None  # what stands below it where it is opened
    is_selected: bool = False
    is_kept: bool = False  # open until it is closed, not only while it is selected


@dataclass(frozen=True, slots=True)
class Worklist:
    """Counts stop at `reviewer.views.counting.MOST`: more than that is told as "1,000+"."""

    rows: list[Row]
    tabs: list[Tab]
    total: int  # of the current tab
    every: int  # before any filter
    filters: Filters
    due: str
    next_address: str
    start_address: str
    here: str  # this page of it, whatever row is open
    counts: dict[str, int]
    row: str = ""  # the number of the only one that is asked for

    @property
    def is_narrowed(self) -> bool:
        return bool(self.due or self.filters.kept)


@dataclass(frozen=True, slots=True)
class Key:
    """Of the last row that was seen: referred or not, when it is due, its id."""

    rank: int
    due: datetime | None
    pk: int


def due_tabs(at: datetime) -> dict[str, tuple[str, Q]]:
    """The tabs by the word that stands in the address, with what they show."""
    tomorrow = midnight(local_day(at) + timedelta(days=1))
    return {
        "": ("All", Q()),
        "overdue": ("Overdue", Q(decision_due_at__lt=at)),
        "today": ("Due today", Q(decision_due_at__gte=at, decision_due_at__lt=tomorrow)),
    }


def build(
    http_request: HttpRequest,
    found: RequestQuerySet,
    *,
    filters: Filters,
    at: datetime,
    referred_first: bool = False,
    opens_first: bool = False,
) -> Worklist:
    """The worklist of `found`, narrowed as the address says; `open` in it names a row that is
    opened in place, and `row` one that was. Where htmx asks, such a row comes by itself.

    Four queries: one for all counts, one for the page, one for its lines, one for what governs;
    one more where referred requests come first, or a later page reaches those without a limit.
    """
    asked, tabs = http_request.GET, due_tabs(at)
    due = asked.get("due", "") if asked.get("due", "") in tabs else ""
    after, narrowed = asked.get("after", ""), filters.narrow(found)
    counts = counts_of(
        every=found, **{f"tab_{name}": narrowed.filter(q) for name, (_, q) in tabs.items()}
    )
    requests = _page(narrowed.filter(tabs[due][1]), _read_key(after), referred_first)
    shown = requests[:ROWS]
    key = _key(shown[-1], referred_first) if requests[ROWS:] else ""
    opened, row = asked.get("open"), _asked_row(http_request)
    if row:
        shown = [one for one in shown if one.number == row]
    elif opens_first and opened is None and shown:
        opened = shown[0].number
    note_shown(http_request, [one.number for one in shown])
    return Worklist(
        rows=_with_facts(shown, at, opened=opened or "", selected=row or opened or "",
                         is_kept=asked.get("open") is not None),
        tabs=[
            Tab(label, counts[f"tab_{name}"], _address(filters, due=name), name == due)
            for name, (label, _) in tabs.items()
        ],
        total=counts[f"tab_{due}"],
        every=counts["every"],
        filters=filters,
        due=due,
        next_address=_address(filters, due=due, after=key) if key else "",
        start_address=_address(filters, due=due) if after else "",
        here=_address(filters, due=due, after=after),
        counts=counts,
        row=row,
    )  # fmt: skip


def answer(http_request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page of a worklist, or only the row that htmx asks for; if that has left the list
    meanwhile, the browser reads the page anew."""
    asked: Worklist = context["list"]
    if asked.row and not asked.rows:
        return HttpResponseClientRefresh()
    response = render(http_request, ROW if asked.row else template, context)
    return push_url(response, False) if asked.row else response  # the list stays where it is


def _asked_row(http_request: HttpRequest) -> str:
    """The row that htmx asks for by itself: to be opened, or to be closed."""
    if http_request.headers.get("HX-Request") != "true":
        return ""
    return http_request.GET.get("open", "") or http_request.GET.get("row", "")


def _address(filters: Filters, **facts: str) -> str:
    """Of a page of the worklist as it is narrowed; what is empty is left out."""
    return f"?{urlencode(filters.kept | {name: fact for name, fact in facts.items() if fact})}"


_SHOWN = (
    "number", "state", "specialty", "review_type", "urgency", "line_of_business", "jurisdiction",
    "received_at", "decision_due_at", "decision_tolled_until",
    "member__family_name", "member__given_name",
    "assigned_to__user__username", "assigned_to__user__first_name",
    "assigned_to__user__last_name",
)  # fmt: skip


def _page(found: RequestQuerySet, key: Key | None, referred_first: bool) -> list[Request]:
    """One row more than a page holds, from the key on. Each part is read off an index in its
    order, which no condition over all of it would allow."""
    ranks = [(1, found)]
    if referred_first:
        waiting = Request.State.REFERRED
        ranks = [(0, found.filter(state=waiting)), (1, found.exclude(state=waiting))]
    rows: list[Request] = []
    for rank, part in ranks:
        if len(rows) <= ROWS and (key is None or key.rank <= rank):
            begins = key if key and key.rank == rank else None
            rows += _by_time_left(part, begins, ROWS + 1 - len(rows))
    asked = ServiceLine.objects.only("request", "system", "code", "starts_on")
    prefetch_related_objects(rows, Prefetch("lines", asked.order_by("position")))
    return rows


def _by_time_left(found: RequestQuerySet, key: Key | None, most: int) -> list[Request]:
    ordered = found.by_time_left().select_related("member", "assigned_to__user").only(*_SHOWN)
    if key is None:
        return list(ordered[:most])
    undated = Q(decision_due_at__isnull=True)
    if key.due is None:
        return list(ordered.filter(undated, pk__gt=key.pk)[:most])
    beyond = Q(decision_due_at__gt=key.due) | Q(pk__gt=key.pk)
    rows = list(ordered.filter(beyond, decision_due_at__gte=key.due)[:most])
    return rows if len(rows) == most else rows + list(ordered.filter(undated)[: most - len(rows)])


def _key(last: Request, referred_first: bool) -> str:
    rank = 0 if referred_first and last.state == Request.State.REFERRED else 1
    due = last.decision_due_at.isoformat() if last.decision_due_at else ""
    return f"{rank}_{due}_{last.pk}"


def _read_key(text: str) -> Key | None:
    """The key of the last row that was seen; anything else begins at the start."""
    try:
        rank, written, pk = text.split("_")
        due = parse_datetime(written) if written else None
        if due is not None and due.tzinfo is None:
            return None
        return Key(int(rank), due, int(pk))
    except ValueError:
        return None


def _with_facts(
    requests: Sequence[Request], at: datetime, *, opened: str, selected: str, is_kept: bool
) -> list[Row]:
    governed = governed_by(requests, at=at)
    return [
        Row(
            request=one,
            left=decision_left(one, at=at),
            governed=governed[one.pk],
            peek=bench_of(one, at=at) if one.number == opened else None,
            is_selected=one.number == selected,
            is_kept=is_kept and one.number == opened,
        )
        for one in requests
    ]
