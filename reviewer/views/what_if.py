"""What an act would do to a limit, before it is carried out: now and then, side by side."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewer.access import get_appeal, get_request
from reviewer.clocks import ClockError, Deadline, Event, Step
from reviewer.decorators import needs
from reviewer.forms.what_if import WhatIfForm
from reviewer.models import Clock
from reviewer.time import now
from reviewer.views.time_left import TimeLeft, decision_left, time_left
from reviewer.workflow.acts.asking import what_if
from reviewer.workflow.clocks import computed, decision_clock
from reviewer.workflow.clocks.facts import standing
from reviewer.workflow.clocks.scopes import Subject, appeal_of, request_of
from reviewer.workflow.rule_book import book


@dataclass(frozen=True, slots=True)
class Side:
    """A limit as one column says it. `last` is the limit if no answer comes."""

    due_at: datetime | None
    tolled_until: datetime | None
    last: datetime | None
    legal_max_at: datetime | None
    left: TimeLeft
    rule: str
    citation: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """An act tried on a clock: both sides, the steps that it adds, or why it is rejected."""

    now: Side
    then: Side
    news: tuple[Step, ...]
    objection: str
    instead: str
    is_moved: bool

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.now, self.then


def try_act(clock: Clock, event: Event, *, at: datetime) -> WhatIf:
    """Try an event on a clock that goes. Raises ClockError."""
    facts = standing(clock.request)
    answer = what_if(clock, event, at=at, facts=facts)
    return WhatIf(
        now=_side(answer.now, computed(clock, facts=facts), at),
        then=_side(answer.then, computed(clock, extra=[event], facts=facts), at),
        news=answer.news,
        objection=answer.objection,
        instead=answer.instead,
        is_moved=answer.is_moved,
    )


def _side(stands: Deadline, last: Deadline, at: datetime) -> Side:
    applied = book().rule(stands.applied_rule_id)
    return Side(
        due_at=stands.due_at,
        tolled_until=stands.tolled_until,
        last=last.due_at,
        legal_max_at=stands.legal_max_at or last.legal_max_at,
        left=time_left(stands.due_at, at=at, tolled_until=stands.tolled_until),
        rule=applied.rule_id,
        citation=applied.citation,
    )


def tried(clock: Clock, asked: Any, *, at: datetime) -> tuple[WhatIfForm, WhatIf | None, str]:
    """The form of what is asked, its answer, and why there is none."""
    form = WhatIfForm(asked if asked and asked.get("act") else None, clock=clock, at=at)
    if not form.is_valid():
        return form, None, ""
    try:
        return form, try_act(clock, form.event(), at=at), ""
    except ClockError as error:
        return form, None, f"This cannot be computed: {error}"


@require_safe
@needs("reviewer.view_request")
def clock_what_if(http_request: HttpRequest, number: str) -> HttpResponse:
    """Try an act on the decision of a request."""
    return _page(http_request, get_request(http_request, number))


@require_safe
@needs("reviewer.view_appeal")
def appeal_what_if(http_request: HttpRequest, number: str) -> HttpResponse:
    """Try an act on the decision of an appeal."""
    return _page(http_request, get_appeal(http_request, number))


def _page(http_request: HttpRequest, of: Subject) -> HttpResponse:
    at, clock = now(), decision_clock(of)
    is_going = clock is not None and clock.is_going
    form, answer, problem = (
        tried(clock, http_request.GET, at=at) if clock and is_going else (None, None, "")
    )
    context = {
        "case": request_of(of),
        "appeal": appeal_of(of),
        "of": of,
        "form": form,
        "answer": answer,
        "problem": problem,
        "left": decision_left(of, at=at),
        "now": at,
    }
    is_part = http_request.headers.get("HX-Target") == "what-if"
    name = "parts/what_if.html" if is_part else "clock_what_if.html"
    return render(http_request, f"reviewer/{name}", context)
