"""Asking for information, with what is already there in view, and recording what came."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from reviewer.access import get_request, get_reviewer
from reviewer.decorators import needs, once
from reviewer.forms.information import AskForm, ReceivedForm
from reviewer.models import CriterionAnswer, Request
from reviewer.time import now
from reviewer.views.time_left import decision_left
from reviewer.workflow import information
from reviewer.workflow.criteria import blind_for
from reviewer.workflow.errors import Refused

page = require_http_methods(["GET", "HEAD", "POST"])


@page
@needs("reviewer.review_request")
@once
def request_information(http_request: HttpRequest, number: str) -> HttpResponse:
    """Build a request for information from the criteria that are open, or in words."""
    request, at = get_request(http_request, number), now()
    limit = information.stated_limit(request, at=at)
    withheld = blind_for(request, get_reviewer(http_request))
    criteria = [] if withheld else information.open_criteria(request)
    form = AskForm(_data(http_request), criteria=criteria, limit=limit)
    if http_request.method == "POST" and form.is_valid():
        by = get_reviewer(http_request)
        try:
            information.ask_for_information(request=request, **form.facts(), by=by, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"Information was asked for. {request} waits for it.")
            return redirect(request)
    context = {
        **_context(request, at),
        "form": form,
        "limit": limit,
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
    form = ReceivedForm(_data(http_request), awaited=awaited, documents=documents)
    if http_request.method == "POST" and form.is_valid():
        by = get_reviewer(http_request)
        try:
            information.receive_items(request=request, **form.facts(), by=by, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"{request} goes on with what was received.")
            return redirect(request)
    context = {**_context(request, at), "form": form, "awaited": awaited}
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


def _context(request: Request, at: Any) -> dict[str, Any]:
    return {"case": request, "left": decision_left(request, at=at), "now": at}


def _data(http_request: HttpRequest) -> Any:
    return http_request.POST if http_request.method == "POST" else None
