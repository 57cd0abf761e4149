"""Corrections of times that wait for a second person: approved or declined, each shown first."""

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from reviewer.access import get_correction, get_reviewer, note_shown
from reviewer.decorators import needs, once
from reviewer.models import ReceiptCorrection
from reviewer.time import now
from reviewer.views.correction_shown import shown_all
from reviewer.workflow.errors import Refused
from reviewer.workflow.receipts import APPROVE, PROPOSE, approve_correction, decline_correction

ROWS: Final = 50


@require_safe
@needs(APPROVE)
def correction_list(http_request: HttpRequest) -> HttpResponse:
    """The corrections that wait, the oldest first, each with what it would move."""
    user, at = get_reviewer(http_request).user, now()
    waiting = ReceiptCorrection.objects.visible_to(user).waiting()
    rows = shown_all(list(waiting.with_people()[:ROWS]), user, at=at)
    note_shown(http_request, [one.case.number for one in rows])
    context = {"rows": rows, "count": waiting.count(), "now": at}
    return render(http_request, "reviewer/correction_list.html", context)


@require_POST
@needs(APPROVE)
@once
def correction_approve(http_request: HttpRequest, pk: int) -> HttpResponse:
    """Let the other time stand; never by who proposed it."""
    return _decide(http_request, pk, approve_correction, "approved: the time and its limits moved")


@require_POST
@needs(APPROVE, PROPOSE)
@once
def correction_decline(http_request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the time as it is; who proposed a correction takes it back."""
    return _decide(http_request, pk, decline_correction, "declined: nothing moved")


def _decide(
    http_request: HttpRequest, pk: int, verb: Callable[..., ReceiptCorrection], done: str
) -> HttpResponse:
    by = get_reviewer(http_request)
    correction = get_correction(http_request, pk)
    of = correction.event.appeal or correction.event.request
    try:
        verb(correction=correction, by=by, at=now())
    except Refused as refusal:
        messages.error(http_request, refusal.sentence)
    else:
        messages.success(http_request, f"The correction for {of} is {done}.")
    if by.user.has_perm(APPROVE):
        return redirect("reviewer:correction_list")
    kind = "appeal" if correction.event.appeal else "request"
    return redirect(f"reviewer:{kind}_receipt", of.number)
