"""What the workspace shows of one request, gathered from modules that each know a part of it."""

from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import User
from django.http import HttpRequest

from policies.models import Version
from policies.views.reading_marks import ChangedSince, marks_of
from reviewer.models import Clock, Event, Notice, Request, Reviewer
from reviewer.time import local_day
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
from reviewer.workflow.requests import UNDER_REVIEW

Context = dict[str, object]


def workspace_of(
    http_request: HttpRequest, request: Request, reviewer: Reviewer, *, at: datetime
) -> Context:
    """Everything that the page's template names."""
    user, bench = reviewer.user, bench_of(request, at=at)
    return {
        "case": request,
        "bench": bench,
        "me": reviewer,
        "now": at,
        "age": _age(request, at),
        "is_mine": request.assigned_to_id == reviewer.pk,
        "may_decide": _may_decide(request, reviewer),
        "codes": list(dict.fromkeys(view.line.code for view in bench.lines)),
        "policy_answers": policy_answers(request, bench),
        "history": newest_history(http_request, request, at=at),
        **_passages(bench, user, at),
        **_checklist(request, bench, reviewer, at),
        **_time_and_acts(request, reviewer, at),
        **_exchanges(request, reviewer),
        **documents_context(request, reviewer, user),
    }


def _passages(bench: Bench, user: User, at: datetime) -> Context:
    """What the governing versions say, and what of them is new to the person."""
    main, beside = speakers(bench)
    pieces = pieces_of(bench.versions)
    return {
        "speakers": main,
        "beside": beside,
        "news": _news(bench, user, at),
        "criteria": _apart(bench.versions, pieces, limits=False),
        "limits": _apart(bench.versions, pieces, limits=True),
    }


def _checklist(request: Request, bench: Bench, reviewer: Reviewer, at: datetime) -> Context:
    """The criteria of the first version that has any, and the tabs of the others."""
    first = first_of(request, bench.versions)
    return {
        "pane": pane_of(first, reviewer, at=at) if first else None,
        "tabs": tabs_of(first, at=at, governing=bench.versions) if first else None,
    }


def _time_and_acts(request: Request, reviewer: Reviewer, at: datetime) -> Context:
    """What happened, which clocks go, and what may be done."""
    user = reviewer.user
    events = list(request.events.select_related("by__user"))
    clocks = list(request.clocks.filter(appeal=None).select_related("rule_row"))
    decision = decision_among(clocks, request)
    return {
        "events": events,
        "left": _left(request, events, at),
        "decision": decision,
        "going": going_of(clocks, at=at),
        "actions": _actions(request, decision, reviewer, at),
        "offers": offers(request, at=at) if user.has_perm("reviewer.review_request") else [],
    }


def _exchanges(request: Request, reviewer: Reviewer) -> Context:
    """What went between people: referrals, talks, information, appeals and letters."""
    asked = request.information_requests.order_by("-sent_at")
    sees_appeals = reviewer.user.has_perm("reviewer.view_appeal")
    letters = Notice.objects.filter(request=request, determination=None).defer("body")
    return {
        "referrals": referrals_of(request, reviewer),
        "steps": list(request.peer_to_peer.select_related("recorded_by__user")),
        "information": list(asked.prefetch_related("items__document", "items__criterion")),
        "appeals": list(request.appeals.all()) if sees_appeals else [],
        "letters": list(letters if sees_appeals else letters.filter(appeal=None)),
    }


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


def _left(request: Request, events: list[Event], at: datetime) -> TimeLeft:
    """The clock while the request is open; how the last determination kept it afterwards."""
    if request.is_open:
        return decision_left(request, at=at)
    signed = [event.at for event in events if event.name == Event.Name.DETERMINED]
    if not signed:
        return TimeLeft(request.get_state_display().lower(), "met")
    return time_kept(request.decision_due_at, done_at=signed[-1])


def _actions(request: Request, clock: Clock | None, reviewer: Reviewer, at: datetime) -> Actions:
    """What may be done to the request, the acts on its clock last."""
    user = reviewer.user
    actions = actions_for(request, user, reviewer, at=at)
    return replace(actions, more=[*actions.more, *acts_on(request, clock, user, reviewer)])


def _may_decide(request: Request, reviewer: Reviewer) -> bool:
    return (
        request.is_open
        and request.assigned_to_id == reviewer.pk
        and request.state in UNDER_REVIEW
        and reviewer.user.has_perm("reviewer.approve_request")
    )


def _age(request: Request, at: datetime) -> int:
    """The member's age in whole years, today."""
    today, born = local_day(at), request.member.born_on
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
