"""Intake: a request is entered as it arrived."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from reviewer.access import get_reviewer, note_shown
from reviewer.decorators import needs, once
from reviewer.forms.continuing import at_first, continuation
from reviewer.forms.intake import Intake
from reviewer.models import Request, Reviewer
from reviewer.time import now
from reviewer.views.limit_words import LimitTold, limit_told
from reviewer.workflow.errors import Refused, verb


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reviewer.add_request")
@once
def request_new(http_request: HttpRequest) -> HttpResponse:
    """Show the page, continue it by one of its buttons, or enter the request."""
    reviewer, is_sent = get_reviewer(http_request), http_request.method == "POST"
    data = http_request.POST.copy() if is_sent else at_first()
    go_on = continuation(data.get("act", "") if is_sent else "look")
    begin = go_on(data) if go_on else ""
    intake = Intake(data, scope=reviewer.lines_of_business, user=http_request.user, at=now())
    intake.focus(begin)
    if go_on:
        intake.without_errors()
    elif intake.is_valid():
        try:
            entered = _enter(intake=intake, by=reviewer)
        except Refused as refusal:
            intake.facts.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"{entered} is entered and in the queue.")
            return redirect(entered)
    return _page(http_request, intake, is_refused=not go_on)


def _page(http_request: HttpRequest, intake: Intake, *, is_refused: bool) -> HttpResponse:
    """The page, or the parts of it that go by what was typed."""
    note_shown(http_request, [one.number for one in intake.duplicates])
    if found := intake.member.found:
        note_shown(http_request, [found.number])
    limit, problem = told(intake)
    context = {
        "intake": intake,
        "limit": limit,
        "problem": problem,
        "descriptions": intake.descriptions(),
        "was_sent": is_refused,
    }
    is_part = http_request.headers.get("HX-Target") == "looked-at"
    name = "parts/intake_looked_at.html" if is_part else "request_new.html"
    return render(http_request, f"reviewer/{name}", context)


def told(intake: Intake) -> tuple[LimitTold | None, str]:
    """The limit, or why there is none; neither while too little is filled in."""
    try:
        foreseen = intake.limits.foresee()
    except Refused as refusal:
        return None, refusal.sentence
    return limit_told(foreseen, intake.limits.book) if foreseen else None, ""


@verb
def _enter(*, intake: Intake, by: Reviewer) -> Request:
    """New people and the request, together or not at all."""
    return intake.save(by=by)
