"""The clocks of a request or an appeal, and one clock with its arithmetic.

Each page is also a drawer over the page it was asked from, where htmx asks.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewer.access import get_appeal, get_clock, get_request
from reviewer.decorators import needs
from reviewer.models import Appeal, Clock, Request
from reviewer.time import now
from reviewer.views.clock_facts import ClockShown
from reviewer.workflow.clocks.facts import facts_for, standing
from reviewer.workflow.clocks.scopes import DECISIONS, Subject
from reviewer.workflow.rule_book import book

DRAWER = "reviewer/parts/clock_drawer.html"


@require_safe
@needs("reviewer.view_request")
def request_clocks(http_request: HttpRequest, number: str) -> HttpResponse:
    """Every clock of a request, the decision first and opened."""
    request = get_request(http_request, number)
    found = list(clocks_of(request))
    may_see = Appeal.objects.visible_to(http_request.user)
    context = {
        "case": request,
        **_opened(found, request, now()),
        "appeals": may_see.filter(request=request),
    }
    return _page(http_request, "reviewer/request_clocks.html", context)


@require_safe
@needs("reviewer.view_appeal")
def appeal_clocks(http_request: HttpRequest, number: str) -> HttpResponse:
    """Every clock of an appeal, its decision first and opened."""
    appeal = get_appeal(http_request, number)
    found = list(clocks_of(appeal))
    context = {
        "case": appeal.request,
        "appeal": appeal,
        **_opened(found, appeal.request, now()),
    }
    return _page(http_request, "reviewer/appeal_clocks.html", context)


@require_safe
@needs("reviewer.view_request")
def clock_detail(http_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One clock: how it stands, why, and what could move it."""
    clock = get_clock(http_request, number, pk)
    request, at = clock.request, now()
    others = clocks_of(clock.appeal or request)
    context = {
        "case": request,
        "appeal": clock.appeal,
        "opened": shown(clock, request, at),
        "clocks": in_order(shown_all(others, request, at)),
    }
    return _page(http_request, "reviewer/clock_detail.html", context)


def _page(http_request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """The page, or only its drawer where htmx asks for it."""
    if http_request.headers.get("HX-Request") == "true":
        template = DRAWER
    return render(http_request, template, dict(context))


def _opened(found: list[Clock], request: Request, at: datetime) -> dict[str, object]:
    every = in_order(shown_all(found, request, at))
    return {"clocks": every, "opened": every[0] if every else None}


def clocks_of(of: Subject) -> QuerySet[Clock]:
    """With the evidence that a page of theirs names."""
    found = Clock.objects.about(of).order_by("pk")
    return found.select_related(
        "appeal", "rule_row", "started_by", "stopped_by__milestone", "ended_by"
    )


def shown(clock: Clock, request: Request, at: datetime) -> ClockShown:
    return shown_all([clock], request, at)[0]


def shown_all(clocks: Iterable[Clock], request: Request, at: datetime) -> list[ClockShown]:
    """The clocks with the facts that count for each; two queries for all of them."""
    facts, rules = standing(request), book()
    return [ClockShown(one, facts_for(one, facts), book=rules, at=at) for one in clocks]


def in_order(clocks: Iterable[ClockShown]) -> list[ClockShown]:
    """Those that go before those that are done; the decision first, then by the time left."""

    def place(one: ClockShown) -> tuple[bool, bool, datetime, int]:
        clock = one.clock
        until = clock.due_at or clock.tolled_until or one.at
        return not clock.is_going, clock.duty not in DECISIONS, until, clock.pk

    return sorted(clocks, key=place)
