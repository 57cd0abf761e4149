"""The notice of an appeal's decision: read before it goes, recorded as sent, shown as it went."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from reviewer.access import get_appeal, get_reviewer
from reviewer.decorators import needs, once
from reviewer.forms.acts import OralForm
from reviewer.forms.notices import NoticeForm
from reviewer.models import Appeal, Notice
from reviewer.time import now
from reviewer.views.appeals import left_of
from reviewer.views.time_left import going_of
from reviewer.workflow.appeal_notices import (
    compose_appeal_notice,
    decision_to_tell,
    lacks_of,
    send_appeal_notice,
    tell_appeal_by_phone,
)
from reviewer.workflow.capsules import sha256
from reviewer.workflow.errors import Refused
from reviewer.workflow.told import whom_to_tell

page = require_http_methods(["GET", "HEAD", "POST"])


@page
@needs("reviewer.send_notice")
@once
def appeal_notice_send(http_request: HttpRequest, number: str) -> HttpResponse:
    """Read what the member and the provider are told, with what it lacks, and record it as sent."""
    appeal = get_appeal(http_request, number)
    waiting, lacks = _readiness(appeal)
    form = NoticeForm(
        http_request.POST if http_request.method == "POST" else None,
        initial={"recipient": waiting[0] if waiting else None},
    )
    if form.is_valid():
        by = get_reviewer(http_request)
        try:
            sent = send_appeal_notice(appeal=appeal, **form.cleaned_data, by=by, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            who = sent.get_recipient_display().lower()
            messages.success(http_request, f"On record: the {who} was told.")
            return redirect("reviewer:appeal_notice_detail", number, sent.pk)
    context = _context(appeal) | {"form": form, "lacks": lacks, "waiting": waiting}
    context["letters"] = [] if lacks else _letters(appeal)
    return render(http_request, "reviewer/appeal_notice_send.html", context)


def _readiness(appeal: Appeal) -> tuple[list[Notice.Recipient], list[str]]:
    """Who is still to be told, and what keeps the letter from being written."""
    try:
        decision = decision_to_tell(appeal)
    except Refused as refusal:
        return [], [refusal.sentence]
    return whom_to_tell(decision), lacks_of(decision)


def _letters(appeal: Appeal) -> list[tuple[Notice.Recipient, str]]:
    return [(who, compose_appeal_notice(appeal=appeal, recipient=who)) for who in Notice.Recipient]


def _context(appeal: Appeal) -> dict[str, Any]:
    """What the head of a page about an appeal shows."""
    at = now()
    return {
        "case": appeal.request,
        "appeal": appeal,
        "left": left_of(appeal, at),
        "going": going_of(list(appeal.clocks.all()), at=at),
    }


@require_safe
@needs("reviewer.view_appeal")
def appeal_notice_detail(http_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A notice of an appeal's decision as it went, and whether its hash agrees."""
    appeal = get_appeal(http_request, number)
    notices = appeal.notices.of_appeals().select_related("sent_by__user")
    kept = get_object_or_404(notices, pk=pk)
    agrees = sha256(kept.body) == kept.sha256
    context = _context(appeal) | {"notice": kept, "agrees": agrees}
    return render(http_request, "reviewer/appeal_notice_detail.html", context)


@page
@needs("reviewer.send_notice")
@once
def appeal_told_by_phone(http_request: HttpRequest, number: str) -> HttpResponse:
    """Record that an appeal's decision was told by telephone; a letter confirms it."""
    appeal = get_appeal(http_request, number)
    waiting, lacks = _readiness(appeal)
    form = OralForm(http_request.POST if http_request.method == "POST" else None)
    if form.is_valid():
        by = get_reviewer(http_request)
        try:
            tell_appeal_by_phone(appeal=appeal, **form.cleaned_data, by=by, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, "On record: it was told by telephone.")
            return redirect(appeal)
    context = _context(appeal) | {"form": form, "lacks": lacks, "waiting": waiting}
    context["letters"] = [] if lacks else _letters(appeal)
    return render(http_request, "reviewer/appeal_told_by_phone.html", context)
