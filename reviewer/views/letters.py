"""Letters that clocks ask for: read before they go, recorded as sent, shown as they went."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from reviewer.access import get_appeal, get_determination, get_request, get_reviewer
from reviewer.decorators import needs, once
from reviewer.forms.acts import LetterForm, OralForm
from reviewer.models import Notice
from reviewer.time import now
from reviewer.views.time_left import decision_left
from reviewer.workflow.acts.asking import going_clock
from reviewer.workflow.acts.deemed_denials import compose_not_decided, send_not_decided
from reviewer.workflow.acts.oral_notices import give_oral_notice
from reviewer.workflow.acts.urgency import compose_refusal, reason_of_refusal, send_refusal
from reviewer.workflow.capsules import sha256
from reviewer.workflow.clocks.scopes import Subject, request_of
from reviewer.workflow.errors import Refused
from reviewer.workflow.notices import compose_notice

page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@needs("reviewer.view_request")
def letter_detail(http_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A letter of a request as it went, and whether its hash agrees."""
    request = get_request(http_request, number)
    letters = Notice.objects.filter(request=request, determination=None)
    kept = get_object_or_404(letters.select_related("sent_by__user", "appeal"), pk=pk)
    if kept.appeal and not http_request.user.has_perm("reviewer.view_appeal"):
        kept = get_object_or_404(letters.filter(appeal=None), pk=pk)
    context = {"case": request, "notice": kept, "agrees": sha256(kept.body) == kept.sha256}
    return render(http_request, "reviewer/letter_detail.html", context)


@page
@needs("reviewer.send_notice")
@once
def request_letter_not_decided(http_request: HttpRequest, number: str) -> HttpResponse:
    """Tell the member that no decision was made in time."""
    of = get_request(http_request, number)
    return _send(http_request, of, "No decision in time", _not_decided, send_not_decided)


@page
@needs("reviewer.review_request")
@once
def request_letter_refusal(http_request: HttpRequest, number: str) -> HttpResponse:
    """Tell the member why a request is not expedited."""
    of = get_request(http_request, number)
    return _send(http_request, of, "Expediting refused", _refusal, send_refusal)


@page
@needs("reviewer.decide_appeal")
@once
def appeal_letter_refusal(http_request: HttpRequest, number: str) -> HttpResponse:
    of = get_appeal(http_request, number)
    return _send(http_request, of, "Expediting refused", _refusal, send_refusal)


def _not_decided(of: Subject) -> str:
    return compose_not_decided(of, at=now())


def _refusal(of: Subject) -> str:
    return compose_refusal(of, going_clock(of), why=reason_of_refusal(of), at=now())


def _send(
    http_request: HttpRequest,
    of: Subject,
    heading: str,
    compose: Callable[[Subject], str],
    verb: Callable[..., Notice],
) -> HttpResponse:
    form = LetterForm(http_request.POST if http_request.method == "POST" else None)
    letter = ""
    try:
        letter = compose(of)
        if form.is_valid():
            by = get_reviewer(http_request)
            sent = verb(of=of, **form.cleaned_data, by=by, at=now())
            messages.success(http_request, "On record: the letter was sent.")
            return redirect("reviewer:letter_detail", sent.request.number, sent.pk)
    except Refused as refusal:
        if not form.is_bound:
            messages.error(http_request, refusal.sentence)
            return redirect(of)
        form.add_error(None, refusal.sentence)
    context = {
        "case": request_of(of),
        "of": of,
        "form": form,
        "heading": heading,
        "letter": letter,
        "left": decision_left(of, at=now()),
    }
    return render(http_request, "reviewer/letter_send.html", context)


@page
@needs("reviewer.send_notice")
@once
def determination_told_by_phone(http_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Record that a decision was told by telephone; a letter confirms it."""
    determination = get_determination(http_request, number, pk)
    if decision := determination.appeal_decision:
        return redirect("reviewer:appeal_told_by_phone", decision.appeal.number)
    form = OralForm(http_request.POST if http_request.method == "POST" else None)
    if form.is_valid():
        by = get_reviewer(http_request)
        try:
            give_oral_notice(determination=determination, **form.cleaned_data, by=by, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, "On record: it was told by telephone.")
            return redirect(determination)
    context = {
        "case": determination.request,
        "determination": determination,
        "form": form,
        "letter": compose_notice(determination=determination, recipient=Notice.Recipient.MEMBER),
    }
    return render(http_request, "reviewer/determination_told_by_phone.html", context)
