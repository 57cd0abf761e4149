"""The acts that move clocks: a page for each, which shows what it would change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from reviewer.access import get_appeal, get_request, get_reviewer
from reviewer.decorators import needs, once
from reviewer.forms.acts import (
    AskedForm,
    ExtendForm,
    MissingForm,
    RefuseForm,
    UrgencyForm,
)
from reviewer.forms.verbs import ReasonForm
from reviewer.models import Clock, Request
from reviewer.time import now
from reviewer.views.time_left import decision_left
from reviewer.views.what_if import tried
from reviewer.workflow.acts.asking import going_clock
from reviewer.workflow.acts.extensions import (
    extend_decision,
    note_extension_requested,
    withdraw_extension,
)
from reviewer.workflow.acts.missing_information import send_deficiency_notice
from reviewer.workflow.acts.urgency import attest_urgency, refuse_expedite
from reviewer.workflow.clocks.scopes import Subject, appeal_of, request_of
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_book import book

page = require_http_methods(["GET", "HEAD", "POST"])
Verb = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Act:
    """What the page of an act says, and under which name it is tried."""

    name: str
    heading: str
    button: str
    lead: str
    done: str
    is_grave: bool = False


def _act(
    http_request: HttpRequest, of: Subject, act: Act, verb: Verb, form_of: Callable[..., forms.Form]
) -> HttpResponse:
    """Show the form of an act beside what it would change, or carry it out."""
    at = now()
    try:
        clock = going_clock(of)
    except Refused as refusal:
        messages.error(http_request, refusal.sentence)
        return redirect(of)
    is_sent = http_request.method == "POST"
    form = form_of(http_request.POST if is_sent else None, clock=clock, at=at)
    if is_sent and form.is_valid():
        facts = form.facts() if isinstance(form, ExtendForm) else form.cleaned_data
        try:
            verb(of=of, **facts, by=get_reviewer(http_request), at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, act.done.format(of=of))
            return redirect(of)
    context = _context(of, clock, form, act, http_request.POST.dict() if is_sent else {}, at)
    return render(http_request, "reviewer/request_extend.html", context)


def _context(
    of: Subject, clock: Clock, form: forms.Form, act: Act, typed: dict[str, str], at: Any
) -> dict[str, Any]:
    _, answer, problem = tried(clock, {**typed, "act": act.name}, at=at)
    view = "appeal_what_if" if appeal_of(of) else "clock_what_if"
    return {
        "case": request_of(of),
        "appeal": appeal_of(of),
        "of": of,
        "form": form,
        "act": act,
        "answer": answer,
        "problem": problem,
        "what_if": f"{reverse(f'reviewer:{view}', args=[of.number])}?act={act.name}",
        "left": decision_left(of, at=at),
        "now": at,
    }


def _plain(kind: type[forms.Form]) -> Callable[..., forms.Form]:
    """A form that asks nothing of the clock."""
    return lambda data, **_: kind(data)


def _extending(data: Any, *, clock: Clock, **_: Any) -> forms.Form:
    return ExtendForm(data, clock=clock)


def _missing(data: Any, *, clock: Clock, at: Any) -> forms.Form:
    incomplete = book().rule(clock.rule_id).incomplete_rule_id
    hours = book().rule(incomplete).respond_within_number if incomplete else None
    return MissingForm(data, hours=hours or 48, at=at)


EXTEND: Final = Act(
    "extension",
    "Extend the decision",
    "Extend and record the letter as sent",
    "The letter is composed from these words and kept as it goes.",
    "The decision of {of} is extended; the letter is on record.",
)
ASKED: Final = Act(
    "asked",
    "More time is asked for",
    "Record that more time was asked for",
    "Where the rule allows it, this extends the decision by itself.",
    "On record: more time was asked for {of}.",
)
WITHDRAW: Final = Act(
    "withdrawal",
    "Withdraw the extension",
    "Withdraw the extension",
    "The limit goes back to what it was; where that has passed, the decision is due at once.",
    "The extension of {of} is withdrawn.",
    is_grave=True,
)
URGENCY: Final = Act(
    "urgency",
    "Attest urgency",
    "Record that it is urgent",
    "The expedited limit runs from now, where it is earlier.",
    "{of} is expedited.",
)
REFUSE: Final = Act(
    "refusal",
    "Refuse to expedite",
    "Refuse to expedite",
    "A physician's judgment. The usual limit counts, from receipt of the expedited request.",
    "Expediting {of} is refused; the usual limit counts.",
    is_grave=True,
)
TELL: Final = Act(
    "missing",
    "Say what is missing",
    "Record what is missing as told",
    "For urgent requests: told within its own limit, the decision waits for the answer.",
    "On record: what {of} lacks was told.",
)


@page
@needs("reviewer.review_request")
@once
def request_extend(http_request: HttpRequest, number: str) -> HttpResponse:
    """Take more time for a decision, where a rule gives it."""
    return _act(
        http_request, get_request(http_request, number), EXTEND, extend_decision, _extending
    )


@page
@needs("reviewer.decide_appeal")
@once
def appeal_extend(http_request: HttpRequest, number: str) -> HttpResponse:
    of = get_appeal(http_request, number)
    return _act(http_request, of, EXTEND, extend_decision, _extending)


@page
@needs("reviewer.review_request", "reviewer.add_request")
@once
def request_more_time(http_request: HttpRequest, number: str) -> HttpResponse:
    """The enrollee or the provider asks for more time."""
    of = get_request(http_request, number)
    return _act(http_request, of, ASKED, note_extension_requested, _plain(AskedForm))


@page
@needs("reviewer.decide_appeal", "reviewer.add_appeal")
@once
def appeal_more_time(http_request: HttpRequest, number: str) -> HttpResponse:
    of = get_appeal(http_request, number)
    return _act(http_request, of, ASKED, note_extension_requested, _plain(AskedForm))


@page
@needs("reviewer.review_request")
@once
def request_extension_withdraw(http_request: HttpRequest, number: str) -> HttpResponse:
    of = get_request(http_request, number)
    return _act(http_request, of, WITHDRAW, withdraw_extension, _plain(ReasonForm))


@page
@needs("reviewer.decide_appeal")
@once
def appeal_extension_withdraw(http_request: HttpRequest, number: str) -> HttpResponse:
    of = get_appeal(http_request, number)
    return _act(http_request, of, WITHDRAW, withdraw_extension, _plain(ReasonForm))


@page
@needs("reviewer.review_request", "reviewer.add_request")
@once
def request_urgency(http_request: HttpRequest, number: str) -> HttpResponse:
    """Someone says that waiting would do harm."""
    of = get_request(http_request, number)
    return _act(http_request, of, URGENCY, attest_urgency, _plain(UrgencyForm))


@page
@needs("reviewer.decide_appeal", "reviewer.add_appeal")
@once
def appeal_urgency(http_request: HttpRequest, number: str) -> HttpResponse:
    of = get_appeal(http_request, number)
    return _act(http_request, of, URGENCY, attest_urgency, _plain(UrgencyForm))


@page
@needs("reviewer.deny_request")
@once
def request_expedite_refuse(http_request: HttpRequest, number: str) -> HttpResponse:
    """A physician finds that the usual time does no harm."""
    of = get_request(http_request, number)
    return _act(http_request, of, REFUSE, refuse_expedite, _plain(RefuseForm))


@page
@needs("reviewer.decide_appeal")
@once
def appeal_expedite_refuse(http_request: HttpRequest, number: str) -> HttpResponse:
    of = get_appeal(http_request, number)
    return _act(http_request, of, REFUSE, refuse_expedite, _plain(RefuseForm))


@page
@needs("reviewer.review_request")
@once
def request_missing_information(http_request: HttpRequest, number: str) -> HttpResponse:
    """Say what an urgent request lacks."""
    of = get_request(http_request, number)
    return _act(http_request, of, TELL, _tell_missing, _missing)


def _tell_missing(*, of: Request, **facts: Any) -> object:
    return send_deficiency_notice(request=of, **facts)
