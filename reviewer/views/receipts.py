"""When a request or an appeal came, what shows it, and the proposal of another time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from reviewer.access import get_appeal, get_request, get_reviewer
from reviewer.decorators import needs, once
from reviewer.forms.receipts import ReceiptForm, TriedForm
from reviewer.models import Channel, ClockEvent, ReceiptCorrection
from reviewer.time import now
from reviewer.views.correction_shown import Tried, shown_all, try_time
from reviewer.views.time_left import decision_left
from reviewer.workflow.clocks.scopes import Subject, appeal_of, request_of, zone_of
from reviewer.workflow.errors import Refused
from reviewer.workflow.guards import who_may
from reviewer.workflow.receipt_checks import correctable, fact_of
from reviewer.workflow.receipts import PROPOSE, propose_correction, require_time
from reviewer.workflow.rule_book import book

page = require_http_methods(["GET", "HEAD", "POST"])
UNSEEN = "Beside the form stands what this would move. Look at it, then propose it."


@dataclass(frozen=True, slots=True)
class FactShown:
    """A time that came from outside, and what shows it."""

    event: ClockEvent
    name: str
    channel: str
    waits: bool


@page
@needs("reviewer.view_request")
@once
def request_receipt(http_request: HttpRequest, number: str) -> HttpResponse:
    """The times that others determine about a request; who may proposes another one."""
    return _receipt(http_request, get_request(http_request, number))


@page
@needs("reviewer.view_appeal")
@once
def appeal_receipt(http_request: HttpRequest, number: str) -> HttpResponse:
    """The times that others determine about an appeal."""
    return _receipt(http_request, get_appeal(http_request, number))


def _receipt(http_request: HttpRequest, of: Subject) -> HttpResponse:
    at, user = now(), get_reviewer(http_request).user
    is_sent = http_request.method == "POST"
    if is_sent and not user.has_perm(PROPOSE):
        raise PermissionDenied(who_may(PROPOSE))
    with timezone.override(ZoneInfo(zone_of(of, book()))):
        facts = correctable(of)
        open_ones = set(
            ReceiptCorrection.objects.about(of).waiting().values_list("event", flat=True)
        )
        free = [one for one in facts if one.pk not in open_ones]
        form = ReceiptForm(http_request.POST if is_sent else None, facts=free)
        tried = _tried(http_request, free, at)
        if is_sent and form.is_valid() and _proposed(http_request, form, tried, at):
            messages.success(
                http_request, f"Proposed for {of}: nothing moves until a supervisor approves it."
            )
            return redirect(http_request.path)
        context = {
            "form": form if free and user.has_perm(PROPOSE) else None,
            "may_propose": user.has_perm(PROPOSE),
            "tried": tried,
            "facts": [_shown(one, waits=one.pk in open_ones) for one in facts],
            **_context(of, user, at),
        }
        is_part = http_request.headers.get("HX-Target") == "what-moves"
        name = "parts/receipt_tried.html" if is_part else "request_receipt.html"
        return render(http_request, f"reviewer/{name}", context)


def _tried(http_request: HttpRequest, facts: list[ClockEvent], at: datetime) -> Tried | None:
    """What the time asked about would move; none where nothing whole is asked."""
    asked = http_request.POST if http_request.method == "POST" else http_request.GET
    form = TriedForm(asked, facts=facts)
    if "corrected_to" not in asked or not form.is_valid():
        return None
    fact, corrected_to = form.fact(), form.cleaned_data["corrected_to"]
    try:
        require_time(fact, corrected_to, at=at)
    except Refused as refusal:
        return Tried(problem=refusal.sentence)
    return try_time(fact, corrected_to, get_reviewer(http_request).user, at=at)


def _proposed(
    http_request: HttpRequest, form: ReceiptForm, tried: Tried | None, at: datetime
) -> bool:
    """Propose it, once its effect was shown; otherwise the form says what is in the way."""
    is_seen = tried is not None and http_request.POST.get("seen") == tried.key
    if tried and not tried.problem and not is_seen:
        form.add_error(None, UNSEEN)
        return False
    data = form.cleaned_data
    try:
        propose_correction(
            event=form.fact(),
            corrected_to=data["corrected_to"],
            reason=data["reason"],
            evidence=data["evidence"],
            by=get_reviewer(http_request),
            at=at,
        )
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


def _shown(event: ClockEvent, *, waits: bool) -> FactShown:
    channel = dict(Channel.choices).get(event.facts.get("channel", ""), "")
    return FactShown(event, fact_of(event), str(channel), waits)


def _context(of: Subject, user: User, at: datetime) -> dict[str, Any]:
    corrections = ReceiptCorrection.objects.about(of).with_people()
    return {
        "case": request_of(of),
        "appeal": appeal_of(of),
        "of": of,
        "corrections": shown_all(list(corrections), user, at=at),
        "left": decision_left(of, at=at) if of.state in of.OPEN else None,
        "now": at,
    }
