"""What happens to a request before its decision and after: a page for each that wants words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from reviewer.access import get_request, get_reviewer
from reviewer.decorators import needs, once
from reviewer.forms.verbs import (
    AssignForm,
    QuestionForm,
    ReasonForm,
    ReferForm,
)
from reviewer.models import Request
from reviewer.time import local_day, now
from reviewer.views.time_left import decision_left
from reviewer.workflow import requests, reviews
from reviewer.workflow.errors import Refused

page = require_http_methods(["GET", "HEAD", "POST"])
Act = Callable[..., object]
LONGEST_POSITION: Final = 3  # digits


@dataclass(frozen=True, slots=True)
class Words:
    """What the page of a verb says."""

    heading: str
    button: str
    lead: str
    done: str
    is_grave: bool = False


def _said(
    http_request: HttpRequest, number: str, kind: type[forms.Form], words: Words, act: Act
) -> HttpResponse:
    """The page of a verb whose form asks for words alone."""
    request = get_request(http_request, number)
    return _page(http_request, request, kind(_data(http_request)), words, act)


def _page(
    http_request: HttpRequest, request: Request, form: forms.Form, words: Words, act: Act
) -> HttpResponse:
    """Show the form of a verb, or carry it out; a refusal comes back with what was typed."""
    at = now()
    if http_request.method == "POST" and form.is_valid():
        try:
            act(request=request, **form.cleaned_data, by=get_reviewer(http_request), at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, words.done.format(request=request))
            return redirect(request)
    context = {
        "case": request,
        "form": form,
        "words": words,
        "left": decision_left(request, at=at),
    }
    return render(http_request, "reviewer/request_verb.html", context)


def _button(
    http_request: HttpRequest, number: str, done: str, act: Act, *, leads_to: str = ""
) -> HttpResponse:
    """Carry out a verb that wants no words; a refusal is told on the request's page."""
    request = get_request(http_request, number)
    try:
        act(request=request, by=get_reviewer(http_request), at=now())
    except Refused as refusal:
        messages.error(http_request, refusal.sentence)
    else:
        messages.success(http_request, done.format(request=request))
    return redirect(leads_to or request)


def _data(http_request: HttpRequest) -> Any:
    return http_request.POST if http_request.method == "POST" else None


@require_POST
@needs("reviewer.review_request")
@once
def request_claim(http_request: HttpRequest, number: str) -> HttpResponse:
    """Take it from the queue. Whoever comes from the form of a decision goes on there."""
    done = "{request} is yours. The least time left is first in your work."
    line = http_request.POST.get("line", "")
    leads_to = ""
    if line.isascii() and line.isdecimal() and len(line) <= LONGEST_POSITION:
        leads_to = reverse("reviewer:determination_sign", args=[number, line])
    return _button(http_request, number, done, requests.claim_request, leads_to=leads_to)


@require_POST
@needs("reviewer.review_request", "reviewer.assign_request")
@once
def request_release(http_request: HttpRequest, number: str) -> HttpResponse:
    return _button(
        http_request, number, "{request} is back in the queue.", requests.release_request
    )


@require_POST
@needs("reviewer.send_notice", "reviewer.review_request", "reviewer.assign_request")
@once
def request_close(http_request: HttpRequest, number: str) -> HttpResponse:
    return _button(http_request, number, "{request} is closed.", requests.close_request)


ASSIGN: Final = Words("Assign", "Assign the request", "", "{request} is assigned.")


@page
@needs("reviewer.assign_request")
@once
def request_assign(http_request: HttpRequest, number: str) -> HttpResponse:
    """Hand a request to someone who reviews and sees its line of business."""
    request = get_request(http_request, number)
    form = AssignForm(_data(http_request), request=request, on=local_day(now()))
    return _page(http_request, request, form, ASSIGN, requests.assign_request)


REFER: Final = Words(
    "Refer to a physician",
    "Refer to a physician",
    "The request leaves your work and stands first in the queue of the physicians.",
    "{request} is referred. A physician takes it from the queue.",
)


@page
@needs("reviewer.review_request")
@once
def request_refer(http_request: HttpRequest, number: str) -> HttpResponse:
    request = get_request(http_request, number)
    form = ReferForm(_data(http_request), request=request, on=local_day(now()))
    return _page(http_request, request, form, REFER, reviews.refer_request)


RETURN: Final = Words(
    "Return with a question",
    "Return with this question",
    "The request goes back to who referred it, and comes again when they refer it anew.",
    "{request} is returned with your question.",
)


@page
@needs("reviewer.deny_request")
@once
def request_return(http_request: HttpRequest, number: str) -> HttpResponse:
    return _said(http_request, number, QuestionForm, RETURN, reviews.return_referral)


WITHDRAW: Final = Words(
    "Record as withdrawn",
    "Record as withdrawn",
    "The requester takes the whole request back. Nothing is decided.",
    "{request} is withdrawn.",
    is_grave=True,
)
DISMISS: Final = Words(
    "Dismiss",
    "Dismiss the request",
    "It is not a request that can be decided. A dismissal is not a denial.",
    "{request} is dismissed.",
    is_grave=True,
)
NOT_REQUIRED: Final = Words(
    "No authorization required",
    "Record that none is required",
    "The service needs no authorization under this coverage.",
    "{request} needs no authorization; this is on record.",
)
REOPEN: Final = Words(
    "Reopen",
    "Reopen the request",
    "The request goes to the queue again. What was decided stands until it is corrected.",
    "{request} is open again and in the queue.",
)


@page
@needs("reviewer.review_request", "reviewer.add_request")
@once
def request_withdraw(http_request: HttpRequest, number: str) -> HttpResponse:
    return _said(http_request, number, ReasonForm, WITHDRAW, requests.withdraw_request)


@page
@needs("reviewer.review_request")
@once
def request_dismiss(http_request: HttpRequest, number: str) -> HttpResponse:
    return _said(http_request, number, ReasonForm, DISMISS, requests.dismiss_request)


@page
@needs("reviewer.review_request")
@once
def request_no_authorization_required(http_request: HttpRequest, number: str) -> HttpResponse:
    return _said(
        http_request, number, ReasonForm, NOT_REQUIRED, requests.mark_no_authorization_required
    )


@page
@needs("reviewer.review_request", "reviewer.assign_request")
@once
def request_reopen(http_request: HttpRequest, number: str) -> HttpResponse:
    return _said(http_request, number, ReasonForm, REOPEN, requests.reopen_request)
