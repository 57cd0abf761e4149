"""Intake: a request is entered as it arrived."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from reviewer.access import get_reviewer, note_shown
from reviewer.decorators import KEY, needs, once
from reviewer.documents.reading import MOST_BYTES, MOST_PAGES
from reviewer.forms.continuing import at_first, continuation
from reviewer.forms.documents import Filing
from reviewer.forms.intake import Intake
from reviewer.models import Request, Reviewer
from reviewer.time import now
from reviewer.views.drafts import with_draft
from reviewer.views.limit_words import LimitTold, limit_told
from reviewer.workflow.errors import Refused, verb


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reviewer.add_request")
def request_new(http_request: HttpRequest) -> HttpResponse:
    """Show the page, continue it by one of its buttons, or enter the request.

    To continue has no effect, so it is no intent: what is looked up while the page is sent must not
    stand against it.
    """
    is_sent = http_request.method == "POST"
    data = http_request.POST.copy() if is_sent else with_draft(http_request) or at_first()
    act = data.get("act", "") if is_sent else "look"
    go_on = continuation("files" if http_request.FILES else act)
    if go_on is None:
        return _sent(http_request)
    begin = go_on(data)
    intake, filing = _intake(http_request, data), _filing(http_request, data)
    intake.focus(begin)
    intake.without_errors()
    filing.without_errors()
    if http_request.FILES:
        filing.take(http_request.FILES.getlist("files"))
    return _page(http_request, intake, filing, is_refused=False)


@once
def _sent(http_request: HttpRequest) -> HttpResponse:
    """Enter the request with its documents, or say what is wrong with them."""
    data = http_request.POST.copy()
    intake, filing = _intake(http_request, data), _filing(http_request, data)
    if all([intake.is_valid(), filing.is_valid()]):
        try:
            entered = _enter(intake=intake, filing=filing, by=get_reviewer(http_request))
        except Refused as refusal:
            if not any(form.errors for form in filing.kept):
                intake.facts.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"{entered} is entered and in the queue.")
            return redirect(entered)
    return _page(http_request, intake, filing, is_refused=True)


def _intake(http_request: HttpRequest, data: QueryDict) -> Intake:
    scope = get_reviewer(http_request).lines_of_business
    return Intake(data, scope=scope, user=http_request.user, at=now())


def _filing(http_request: HttpRequest, data: QueryDict) -> Filing:
    """The files that were read so far; they came in when the request did."""
    return Filing(data, request=None, by=get_reviewer(http_request), at=now())


def _page(
    http_request: HttpRequest, intake: Intake, filing: Filing, *, is_refused: bool
) -> HttpResponse:
    """The page, or the parts of it that go by what was typed."""
    note_shown(http_request, [one.number for one in intake.duplicates])
    if found := intake.member.found:
        note_shown(http_request, [found.number])
    filing.show()
    limit, problem = told(intake)
    context = {
        "intake": intake,
        "filing": filing,
        "papers": list(filing.kept),
        "megabytes": MOST_BYTES // 1024**2,
        "most_pages": MOST_PAGES,
        "limit": limit,
        "problem": problem,
        "descriptions": intake.descriptions(),
        "was_sent": is_refused,
        "key": http_request.POST.get(KEY, ""),
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
def _enter(*, intake: Intake, filing: Filing, by: Reviewer) -> Request:
    """New people, the request and its documents, together or not at all."""
    request = intake.save(by=by)
    filing.save(request)
    return request
