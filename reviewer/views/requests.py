"""The workspace: everything that is known of one request, on one page."""

from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from policies.models import Version
from policies.views.reading_marks import ChangedSince, marks_of
from reviewer.access import get_request, get_reviewer
from reviewer.decorators import needs
from reviewer.models import Clock, Event, Notice, Request, Reviewer
from reviewer.time import local_day, now
from reviewer.views.actions import Actions, actions_for
from reviewer.views.bench import Bench, bench_of
from reviewer.views.clock_actions import acts_on
from reviewer.views.criteria_pane import pane_of
from reviewer.views.criteria_tabs import first_of, tabs_of
from reviewer.views.document_list import documents_context
from reviewer.views.member_history import newest_history
from reviewer.views.passages import Piece, pieces_of
from reviewer.views.policy_answers import policy_answers
from reviewer.views.referrals import referrals_of
from reviewer.views.speaking import speakers
from reviewer.views.time_left import TimeLeft, decision_left, going_of, time_kept
from reviewer.workflow.acts.offers import offers
from reviewer.workflow.clocks import decision_among

State = Request.State


@require_safe
@needs("reviewer.view_request")
def request_detail(http_request: HttpRequest, number: str) -> HttpResponse:
    """The request, what governs it and why, what was decided, and what may be done."""
    request, at = get_request(http_request, number), now()
    reviewer = get_reviewer(http_request)
    user = reviewer.user
    bench = bench_of(request, at=at)
    pieces = pieces_of(bench.versions)
    checklist = first_of(request, bench.versions)
    main, beside = speakers(bench)
    events = list(request.events.select_related("by__user"))
    clocks = list(request.clocks.filter(appeal=None).select_related("rule_row"))
    clock = decision_among(clocks, request)
    context = {
        "case": request,
        "bench": bench,
        "speakers": main,
        "beside": beside,
        "news": _news(bench, user, at),
        "pane": pane_of(checklist, reviewer, at=at) if checklist else None,
        "tabs": tabs_of(checklist, at=at, governing=bench.versions) if checklist else None,
        "criteria": _apart(bench.versions, pieces, limits=False),
        "limits": _apart(bench.versions, pieces, limits=True),
        "events": events,
        "left": left_of(request, events, at),
        "age": _age(request, at),
        "referrals": referrals_of(request, reviewer),
        "steps": list(request.peer_to_peer.select_related("recorded_by__user")),
        "information": list(
            request.information_requests.order_by("-sent_at").prefetch_related(
                "items__document", "items__criterion"
            )
        ),
        "appeals": list(request.appeals.all()) if user.has_perm("reviewer.view_appeal") else [],
        "actions": _actions(request, clock, user, reviewer, at),
        "me": reviewer,
        **documents_context(request, reviewer, user),
        "may_decide": request.is_open
        and request.assigned_to_id == reviewer.pk
        and request.state in (State.IN_REVIEW, State.INCOMPLETE, State.REFERRED)
        and user.has_perm("reviewer.approve_request"),
        "is_mine": request.assigned_to_id == reviewer.pk,
        "codes": list(dict.fromkeys(view.line.code for view in bench.lines)),
        "offers": offers(request, at=at) if user.has_perm("reviewer.review_request") else [],
        "letters": letters_of(request, user),
        "history": newest_history(http_request, request, at=at),
        "policy_answers": policy_answers(request, bench),
        "decision": clock,
        "going": going_of(clocks, at=at),
        "now": at,
    }
    return render(http_request, "reviewer/request_detail.html", context)


def _apart(
    versions: list[Version], pieces: dict[int, tuple[Piece, ...]], *, limits: bool
) -> list[tuple[Version, list[Piece]]]:
    """What must be met, or what is not covered, of each version that says such a thing."""
    sorted_out = [
        (version, [piece for piece in pieces[version.pk] if piece.is_limit == limits])
        for version in versions
    ]
    return [(version, parts) for version, parts in sorted_out if parts]


def _news(bench: Bench, user: User, at: datetime) -> list[ChangedSince]:
    """The versions that govern here and are newer than what the person last read of them."""
    governing = {
        answer.governing.version.pk: answer.governing.version
        for group in bench.groups
        for answer in group.answers
        if answer.governing.version
    }
    return list(marks_of(governing.values(), user, local_day(at)).values())


def letters_of(request: Request, user: User) -> list[Notice]:
    """Letters that are about no determination, without their words; of appeals for who sees
    them."""
    found = Notice.objects.filter(request=request, determination=None).defer("body")
    return list(found if user.has_perm("reviewer.view_appeal") else found.filter(appeal=None))


def left_of(request: Request, events: list[Event], at: datetime) -> TimeLeft:
    """The clock while the request is open; how the last determination kept it afterwards."""
    if request.is_open:
        return decision_left(request, at=at)
    signed = [event.at for event in events if event.name == Event.Name.DETERMINED]
    if not signed:
        return TimeLeft(request.get_state_display().lower(), "met")
    return time_kept(request.decision_due_at, done_at=signed[-1])


def _actions(
    request: Request, clock: Clock | None, user: User, reviewer: Reviewer, at: datetime
) -> Actions:
    """What may be done to the request, the acts on its clock last."""
    actions = actions_for(request, user, reviewer, at=at)
    return replace(actions, more=[*actions.more, *acts_on(request, clock, user, reviewer)])


def _age(request: Request, at: datetime) -> int:
    """The member's age in whole years, today."""
    today, born = local_day(at), request.member.born_on
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
