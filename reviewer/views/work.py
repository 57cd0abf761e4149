"""Worklists: the requests that are one's own, and those that nobody has taken."""

from datetime import datetime
from typing import Final, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from reviewer.access import get_reviewer, note_shown
from reviewer.decorators import needs, once
from reviewer.models import Appeal, Event, ReceiptCorrection, Request
from reviewer.time import local_day, now
from reviewer.views import worklist
from reviewer.views.absent import Out, covered
from reviewer.views.counting import counts_of
from reviewer.views.telling import owed_to_tell
from reviewer.views.worklist_filters import NOBODY, people, read_filters
from reviewer.workflow.acts.offers import offers_of
from reviewer.workflow.drafts import drafts_of
from reviewer.workflow.errors import Refused
from reviewer.workflow.expertise import of_others
from reviewer.workflow.receipts import APPROVE
from reviewer.workflow.taking import take_next

MOST_UNFINISHED: Final = 5


@require_safe
def work_mine(http_request: HttpRequest) -> HttpResponse:
    """One's own open requests, the first one opened. People without cases land where theirs is."""
    user = cast(User, http_request.user)
    if not user.has_perm("reviewer.view_request"):
        has_library = user.has_perm("policies.view_bulletin")
        return redirect("policies:bulletin_list" if has_library else "admin:index")
    seen = Request.objects.visible_to(user).open()
    at = now()
    reviewer = getattr(user, "reviewer", None)
    mine = seen.filter(assigned_to=reviewer)
    filters = read_filters(http_request.GET)
    shown = worklist.build(http_request, mine, filters=filters, at=at, opens_first=True)
    appeals = Appeal.objects.visible_to(user).open().filter(assigned_to=reviewer)
    context = {
        "list": shown,
        "appeals": appeals.count(),
        "covers": covers_of(user, at=at),
        "offers": offers_of(mine, at=at) if user.has_perm("reviewer.review_request") else [],
        "corrections": waiting_for(user),
        "waiting": 0 if shown.rows else counts_of(waiting=seen.unassigned())["waiting"],
        "to_tell": to_tell(user),
        "names_member": True,
        "unfinished": drafts_of(user)[:MOST_UNFINISHED],
    }
    return worklist.answer(http_request, "reviewer/work_mine.html", context)


def covers_of(user: User, *, at: datetime) -> list[Out]:
    """Whose open work waits for the person, who stands in for them today."""
    reviewer = getattr(user, "reviewer", None)
    return covered(reviewer, at=at) if reviewer and user.has_perm("reviewer.review_request") else []


def waiting_for(user: User) -> int:
    """How many corrections of times the person may approve."""
    if not user.has_perm(APPROVE):
        return 0
    waiting = ReceiptCorrection.objects.visible_to(user).waiting()
    return waiting.exclude(proposed_by__user=user).count()


def to_tell(user: User) -> int:
    """Of how many decisions that the person has signed not everyone was told."""
    if not user.has_perm("reviewer.send_notice"):
        return 0
    signed, appealed = owed_to_tell(user)
    by = getattr(user, "reviewer", None)
    own, decided = signed.filter(signed_by=by), appealed.filter(decided_by=by)
    counts = counts_of(own=own, appealed=decided)
    return counts["own"] + counts["appealed"]


@require_POST
@needs("reviewer.review_request")
@once
def work_next(http_request: HttpRequest) -> HttpResponse:
    """Take the request with the least time left that the person may take, and open it."""
    try:
        request = take_next(by=get_reviewer(http_request), at=now())
    except Refused as refusal:
        messages.info(http_request, refusal.sentence)
        return redirect("reviewer:work_mine")
    note_shown(http_request, [request.number])
    taken = request.events.filter(name=Event.Name.CLAIMED).latest("id")
    how = f" {taken.sentence}" if taken.before["assigned_to"] else ""
    messages.success(http_request, f"{request} is yours: of those waiting, it came first.{how}")
    return redirect(request)


@require_safe
@needs("reviewer.view_request")
def work_queue(http_request: HttpRequest) -> HttpResponse:
    """Open requests that nobody has taken; `assignee=anyone` adds those that somebody has."""
    user = cast(User, http_request.user)
    seen = Request.objects.visible_to(user).open()
    filters = read_filters(http_request.GET, among=people(), unasked=NOBODY)
    referred_first = user.has_perm("reviewer.deny_request")
    names_anyone = "assignee" in filters.kept
    at, reviewer = now(), getattr(user, "reviewer", None)
    covers = covers_of(user, at=at)
    shown = worklist.build(
        http_request,
        seen if names_anyone else seen.unassigned(),
        filters=filters,
        at=at,
        referred_first=referred_first,
    )
    context = {
        "list": shown,
        "covers": covers,
        "closed": of_others(reviewer, local_day(at)) if reviewer and referred_first else {},
        "covers_for": {one.absence.reviewer_id for one in covers},
        "everyone": names_anyone,
        "referred_first": referred_first,
        "mine": 0 if shown.rows else seen.filter(assigned_to=reviewer).count(),
        "names_member": False,
    }
    return worklist.answer(http_request, "reviewer/work_queue.html", context)
