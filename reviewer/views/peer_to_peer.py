"""The talks between peers about a request: what happened so far, and the next step."""

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from reviewer.access import get_request, get_reviewer
from reviewer.clocks import Rule
from reviewer.decorators import needs, once
from reviewer.forms.peer_to_peer import StepForm
from reviewer.models import PeerToPeerStep, Request, Reviewer
from reviewer.time import now
from reviewer.views.time_left import clock_left, decision_left
from reviewer.workflow import peer_to_peer
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_book import book

Kind = PeerToPeerStep.Kind
VERBS: Final[dict[str, Callable[..., object]]] = {
    Kind.REQUESTED: peer_to_peer.request_peer_to_peer,
    Kind.OFFERED: peer_to_peer.offer_peer_to_peer,
    Kind.ATTEMPTED: peer_to_peer.attempt_peer_to_peer,
    Kind.HELD: peer_to_peer.hold_peer_to_peer,
    Kind.DECLINED: peer_to_peer.decline_peer_to_peer,
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reviewer.review_request", "reviewer.add_request")
@once
def request_peer_to_peer(http_request: HttpRequest, number: str) -> HttpResponse:
    """The history of the talks; the address says which kind of step is recorded."""
    request, at = get_request(http_request, number), now()
    reviewer = get_reviewer(http_request)
    kinds = kinds_for(request, reviewer.user, reviewer)
    kind = next((one for one in kinds if one == http_request.GET.get("kind")), None)
    steps = list(request.peer_to_peer.select_related("recorded_by__user"))
    is_sent = http_request.method == "POST"
    form = None
    if kind:
        last = steps[-1].clinician if steps else ""
        form = StepForm(http_request.POST if is_sent else None, kind=kind, at=at, clinician=last)
    if form and kind and is_sent and form.is_valid():
        try:
            VERBS[kind](request=request, **form.cleaned_data, by=reviewer, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"On record: peer-to-peer {kind.label.lower()}.")
            return redirect(request)
    context = {
        "case": request,
        "steps": steps,
        "kinds": kinds,
        "kind": kind,
        "form": form,
        "left": decision_left(request, at=at) if request.is_open else None,
        "limits": [
            (one, clock_left(one, at=at))
            for one in peer_to_peer.talk_clocks(request).select_related("started_by")
        ],
        "asked": any(one.kind == Kind.REQUESTED for one in steps),
        "rule": rule_of_talks(),
        "now": at,
    }
    return render(http_request, "reviewer/request_peer_to_peer.html", context)


def rule_of_talks() -> Rule | None:
    """The row that limits a talk where an accreditation binds the plan to it."""
    steps = (one for one in book().rules if peer_to_peer.TALK in one.step)
    return next(steps, None)


def kinds_for(request: Request, user: User, reviewer: Reviewer) -> list[Kind]:
    """The steps that this person may record now."""
    if request.state not in peer_to_peer.MAY_SPEAK:
        return []
    if not user.has_perm("reviewer.review_request") or (
        request.is_open and request.assigned_to_id != reviewer.pk
    ):
        return [Kind.REQUESTED]
    is_physician = user.has_perm("reviewer.deny_request")
    return [one for one in Kind if is_physician or one != Kind.HELD]
