"""Asking for information, with what is already there in view, and recording what came."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from reviewer.access import get_request, get_reviewer
from reviewer.clocks import Deadline, Event, EventType
from reviewer.decorators import needs, once
from reviewer.forms.information import AskForm, ReceivedForm
from reviewer.models import CriterionAnswer, Request
from reviewer.time import now
from reviewer.views.time_left import decision_left
from reviewer.workflow import information
from reviewer.workflow.clocks import computed, decision_clock
from reviewer.workflow.criteria import blind_for
from reviewer.workflow.errors import Refused
from reviewer.workflow.information_letters import Letter, letters_of, stated_limit

page = require_http_methods(["GET", "HEAD", "POST"])


@page
@needs("reviewer.review_request")
def request_information(http_request: HttpRequest, number: str) -> HttpResponse:
    """Build a request for information from the criteria that are open, or in words.

    To read the letter first has no effect, so it is no intent.
    """
    if http_request.POST.get("act") != "read":
        return _sent(http_request, number)
    request, at = get_request(http_request, number), now()
    form, letters = _ask_form(http_request, request, at), None
    if form.is_valid():
        try:
            asking = information.asking_of(request, **form.facts(), at=at)
            letters = letters_of(asking, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    return _ask_page(http_request, request, form, at, letters=letters)


@once
def _sent(http_request: HttpRequest, number: str) -> HttpResponse:
    """The empty form, or what was asked recorded with its letters, or what is wrong with it."""
    request, at = get_request(http_request, number), now()
    form = _ask_form(http_request, request, at)
    if http_request.method == "POST" and form.is_valid():
        by = get_reviewer(http_request)
        try:
            information.ask_for_information(request=request, **form.facts(), by=by, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"Information was asked for. {request} waits for it.")
            return redirect(request)
    return _ask_page(http_request, request, form, at)


def _ask_form(http_request: HttpRequest, request: Request, at: datetime) -> AskForm:
    withheld = blind_for(request, get_reviewer(http_request))
    criteria = [] if withheld else information.open_criteria(request)
    limit = stated_limit(request, at=at)
    return AskForm(_data(http_request), criteria=criteria, limit=limit)


def _ask_page(
    http_request: HttpRequest,
    request: Request,
    form: AskForm,
    at: datetime,
    letters: list[Letter] | None = None,
) -> HttpResponse:
    withheld = blind_for(request, get_reviewer(http_request))
    context = {
        **_context(request, at),
        "form": form,
        "limit": form.limit,
        "letters": letters,
        "documents": request.documents.in_use().with_content(),
        "evidence": [] if withheld else evidence_of(request),
    }
    return render(http_request, "reviewer/request_information.html", context)


@page
@needs("reviewer.review_request", "reviewer.add_request")
@once
def request_information_received(http_request: HttpRequest, number: str) -> HttpResponse:
    """Record what came in, for each thing that was asked for."""
    request, at = get_request(http_request, number), now()
    awaited, documents = information.awaited(request), request.documents.in_use().with_content()
    may_review = http_request.user.has_perm("reviewer.review_request")
    data = _data(http_request)
    form = ReceivedForm(data, awaited=awaited, documents=documents, may_review=may_review)
    if http_request.method == "POST" and form.is_valid():
        by = get_reviewer(http_request)
        try:
            information.receive_items(request=request, **form.facts(), by=by, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"{request} goes on with what was received.")
            return redirect(request)
    effects = effects_of(request, at=at) if may_review else None
    context = {**_context(request, at), "form": form, "awaited": awaited, "effects": effects}
    return render(http_request, "reviewer/request_information_received.html", context)


def evidence_of(request: Request) -> list[CriterionAnswer]:
    """What the documents already say: answers that point to a page."""
    found = CriterionAnswer.objects.filter(
        review__request=request,
        review__appeal=None,
        review__locked_at=None,
        evidence__isnull=False,
    ).distinct()
    related = found.select_related("criterion").prefetch_related("evidence__document")
    return list(related.order_by("criterion__position"))


def effects_of(request: Request, *, at: datetime) -> list[tuple[str, Deadline]] | None:
    """The decision's limit as it is, and as it would be with either answer; None: no clock goes."""
    clock = decision_clock(request)
    if clock is None or not clock.is_going:
        return None
    came = Event(EventType.INFORMATION_RECEIVED, at)
    whole = Event(EventType.NECESSARY_INFORMATION_RECEIVED, at)
    return [
        ("As it stands now", computed(clock, as_of=at)),
        ("Something came, more is needed", computed(clock, as_of=at, extra=[came])),
        ("Everything is in hand", computed(clock, as_of=at, extra=[came, whole])),
    ]


def _context(request: Request, at: Any) -> dict[str, Any]:
    return {"case": request, "left": decision_left(request, at=at), "now": at}


def _data(http_request: HttpRequest) -> Any:
    return http_request.POST if http_request.method == "POST" else None
