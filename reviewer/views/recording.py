"""Events without a screen of their own, and clocks that only a person can start."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from reviewer.access import get_appeal, get_request, get_reviewer
from reviewer.clocks import EventType
from reviewer.clocks.starts import words
from reviewer.decorators import needs, once
from reviewer.forms.recording import EventForm, TypeForm
from reviewer.time import now
from reviewer.views.time_left import decision_left
from reviewer.workflow.acts.recording import (
    APPEAL_NEEDS,
    NEEDS,
    by_hand,
    letters_awaited,
    record_event,
    start_clock,
    types_for,
    words_of,
)
from reviewer.workflow.clocks.scopes import Subject, appeal_of, request_of, zone_of
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_book import book

page = require_http_methods(["GET", "HEAD", "POST"])


@page
@needs(*NEEDS)
@once
def request_event_new(http_request: HttpRequest, number: str) -> HttpResponse:
    """Record what happened to a request and has no page of its own."""
    return _record(http_request, get_request(http_request, number))


@page
@needs(*APPEAL_NEEDS)
@once
def appeal_event_new(http_request: HttpRequest, number: str) -> HttpResponse:
    """Record a step of an appeal: external review, hearing, reversal."""
    return _record(http_request, get_appeal(http_request, number))


def _record(http_request: HttpRequest, of: Subject) -> HttpResponse:
    types = types_for(of)
    chosen = TypeForm(http_request.GET or None, types=types)
    type = EventType(chosen.cleaned_data["type"]) if chosen.is_valid() else None
    data = http_request.POST if http_request.method == "POST" else None
    form = EventForm(data, type=type, letters=letters_awaited(of)) if type else None
    if form and type and form.is_valid():
        try:
            record_event(
                of=of,
                type=type,
                when=form.when(zone_of(of, book())),
                facts=form.facts(),
                by=get_reviewer(http_request),
                at=now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"On record: {words(type)}.")
            return redirect(of)
    context = {
        "case": request_of(of),
        "appeal": appeal_of(of),
        "of": of,
        "types": chosen,
        "type": words_of(type) if type else "",
        "form": form,
        "by_hand": [(one, words_of(one.event.type)) for one in by_hand(of)],
        "left": decision_left(of, at=now()),
    }
    return render(http_request, "reviewer/request_event_new.html", context)


@require_POST
@needs(*NEEDS)
@once
def request_clock_start(http_request: HttpRequest, number: str, duty: str) -> HttpResponse:
    return _start(http_request, get_request(http_request, number), duty)


@require_POST
@needs(*APPEAL_NEEDS)
@once
def appeal_clock_start(http_request: HttpRequest, number: str, duty: str) -> HttpResponse:
    return _start(http_request, get_appeal(http_request, number), duty)


def _start(http_request: HttpRequest, of: Subject, duty: str) -> HttpResponse:
    """Start the clock of a duty that only a person knows to be owed."""
    try:
        clock = start_clock(of=of, duty=duty, by=get_reviewer(http_request), at=now())
    except Refused as refusal:
        messages.error(http_request, refusal.sentence)
    else:
        messages.success(http_request, f"The clock runs: {clock.label}.")
    return redirect(of)
