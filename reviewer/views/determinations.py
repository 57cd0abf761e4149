"""Deciding a line, correcting what was decided, and the page that shows what it was based on."""

import json

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from reviewer.access import get_determination, get_request, get_reviewer
from reviewer.decorators import needs, once
from reviewer.models import (
    ActiveDetermination,
    Determination,
    Notice,
    Request,
    Reviewer,
    ServiceLine,
)
from reviewer.time import now
from reviewer.views.deciding import Deciding
from reviewer.views.signer import signer_on
from reviewer.views.time_left import decision_left
from reviewer.workflow.capsules import verify
from reviewer.workflow.criteria import blind_for
from reviewer.workflow.determinations import (
    CORRECTABLE,
    correct_determination,
    sign_determination,
)
from reviewer.workflow.errors import Refused

page = require_http_methods(["GET", "HEAD", "POST"])


def get_line(http_request: HttpRequest, number: str, position: int) -> ServiceLine:
    """A line of a request the person may see. Raises Http404 for any other."""
    request = get_request(http_request, number)
    line = request.lines.filter(position=position).first()
    if line is None:
        raise Http404
    line.request = request
    return line


@page
@needs("reviewer.approve_request")
@once
def determination_sign(http_request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Decide a line. What was typed stays until it is signed."""
    line, at = get_line(http_request, number, position), now()
    deciding = Deciding(http_request, line, at=at)
    if deciding.is_valid():
        try:
            signed = sign_determination(
                line=line, decision=deciding.form.decision(), by=deciding.reviewer, at=at
            )
        except Refused as refusal:
            deciding.form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"{line} is {signed.get_outcome_display().lower()}.")
            return redirect(signed)
    context = deciding.context() | {
        "obstacle": _obstacle(line, deciding.reviewer),
        "may_take": _may_take(http_request, line.request),
    }
    return render(http_request, "reviewer/determination_sign.html", context)


def _obstacle(line: ServiceLine, reviewer: Reviewer) -> str:
    """Why this person cannot decide the line as it stands, said before they write anything."""
    if ActiveDetermination.objects.filter(line=line).exists():
        return f"{line} is decided already. Correct that determination if it is wrong."
    holder = line.request.assigned_to
    if holder is None:
        return "Nobody has taken this request. Take it to decide it."
    if holder.pk != reviewer.pk:
        return f"{holder} has this request. Have it assigned to you first."
    return ""


def _may_take(http_request: HttpRequest, request: Request) -> bool:
    """Whether this person may take the request from the queue, as on its own page."""
    wanted = ["reviewer.review_request"]
    if request.state == Request.State.REFERRED:
        wanted.append("reviewer.deny_request")
    is_free = request.is_open and request.assigned_to_id is None
    return is_free and http_request.user.has_perms(wanted)


@page
@needs("reviewer.approve_request")
@once
def determination_correct(http_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Put another determination in the place of one that was wrong; both are kept."""
    wrong, at = get_determination(http_request, number, pk), now()
    deciding = Deciding(http_request, wrong.line, at=at, corrects=wrong)
    if deciding.is_valid():
        try:
            signed = correct_determination(
                determination=wrong,
                decision=deciding.form.decision(),
                reason=deciding.correction_reason,
                by=deciding.reviewer,
                at=at,
            )
        except Refused as refusal:
            deciding.form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, "The correction is signed; it is active now.")
            return redirect(signed)
    return render(http_request, "reviewer/determination_sign.html", deciding.context())


@require_safe
@needs("reviewer.view_determination")
def determination_detail(http_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What exactly a determination was based on, and whether its hashes still agree."""
    determination, at = get_determination(http_request, number, pk), now()
    active, reviewer = getattr(determination.line, "active", None), get_reviewer(http_request)
    withheld = blind_for(determination.request, reviewer)
    context = {
        "case": determination.request,
        "determination": determination,
        "capsule": json.loads(determination.capsule),
        "blind_for": withheld,
        "disagreements": verify(determination, tells_answers=withheld is None),
        "is_active": active is not None and active.determination_id == determination.pk,
        "replaced_by": getattr(determination, "replaced_by", None),
        "citations": determination.citations.select_related("passage"),
        "notices": _notices(determination, reviewer.user),
        "missing": _untold(determination),
        "appeals": determination.appeals.select_related("assigned_to__user"),
        "may_correct": determination.request.assigned_to_id == reviewer.pk
        and determination.request.state in CORRECTABLE,
        "left": decision_left(determination.request, at=at),
        "signer": signer_on(determination.signed_by, determination.signed_on),
    }
    return render(http_request, "reviewer/determination_detail.html", context)


@require_safe
@needs("reviewer.view_determination")
def determination_capsule(http_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The capsule's own bytes, as they were hashed when it was signed. They hold the first answers:
    who decides an appeal blind is refused them."""
    determination = get_determination(http_request, number, pk)
    if appeal := blind_for(determination.request, get_reviewer(http_request)):
        raise PermissionDenied(
            f"The capsule holds the first answers to the criteria. You decide appeal {appeal}:"
            " answer every criterion yourself, then the capsule opens."
        )
    response = HttpResponse(determination.capsule, content_type="application/json")
    response["X-Content-SHA256"] = determination.capsule_hash
    return response


def _notices(determination: Determination, user: User) -> QuerySet[Notice]:
    """What was told of it; of appeals only to who may see them."""
    found = determination.notices.select_related("sent_by__user", "appeal").defer("body")
    may_see = user.has_perm("reviewer.view_appeal")
    return found if may_see else found.exclude(kind__in=Notice.OF_APPEALS)


def _untold(determination: Determination) -> list[str]:
    """Who has not been told of it yet."""
    told = set(determination.notices.in_writing().values_list("recipient", flat=True))
    return [str(who.label).lower() for who in Notice.Recipient if who not in told]
