"""Out-of-office cover: who is out, who stands in, and their work handed over in one act."""

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from reviewer.access import get_reviewer
from reviewer.decorators import needs, once
from reviewer.forms.absences import AbsenceForm, ChangeAbsenceForm
from reviewer.models import Absence, Request, Reviewer, Role
from reviewer.time import local_day, now
from reviewer.views import worklist
from reviewer.views.absent import outs
from reviewer.views.worklist_filters import read_filters
from reviewer.workflow.absences import (
    SEE,
    cancel_absence,
    change_absence,
    may_change,
    record_absence,
    uncovered_by,
)
from reviewer.workflow.covering import absent_on
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import ASSIGN
from reviewer.workflow.taking import NotAll, hand_over

WORKING: Final = (
    Role.NURSE_REVIEWER,
    Role.PHYSICIAN_REVIEWER,
    Role.APPEALS_COORDINATOR,
    Role.SUPERVISOR,
    Role.INTAKE_COORDINATOR,
)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
@once
def absence_list(http_request: HttpRequest) -> HttpResponse:
    """Who is out today and later; whoever is shown a form records an absence by it."""
    at, by = now(), get_reviewer(http_request)
    form = AbsenceForm(
        _data(http_request),
        own=None if http_request.user.has_perm(ASSIGN) else by,
        people=_people(),
        out=absent_on(local_day(at)),
        on=local_day(at),
    )
    if http_request.method == "POST" and form.is_valid():
        try:
            done = record_absence(**form.facts(), by=by, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            _tell(http_request, done, f"{done}.")
            return redirect("reviewer:absence_list")
    found = outs(Absence.objects.not_over(local_day(at)), seen_by=by, at=at)
    context = {
        "now": [one for one in found if one.is_now],
        "later": [one for one in found if not one.is_now],
        "form": form,
    }
    return render(http_request, "reviewer/absence_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
@once
def absence_detail(http_request: HttpRequest, pk: int) -> HttpResponse:
    """One absence with the open work of who is out; here it is changed, or the work handed on."""
    at, absence = now(), _absence(pk)
    is_handing_over = "hand_over" in http_request.POST
    form = ChangeAbsenceForm(
        None if is_handing_over else _data(http_request),
        initial={"ends_on": absence.ends_on, "cover": str(absence.cover_id or "")},
        people=[one for one in _people() if one != absence.reviewer],
        out=absent_on(local_day(at)),
    )
    refused, refusal = {}, ""
    if is_handing_over or form.is_valid():
        try:
            act = _hand_over if is_handing_over else _change
            act(http_request, absence, form, at)
        except NotAll as error:
            refused, refusal = error.refused, error.sentence
        except Refused as error:
            refusal = error.sentence
        else:
            return redirect("reviewer:absence_list")
    return _detail(http_request, absence, form, at=at, refused=refused, refusal=refusal)


def _change(
    http_request: HttpRequest, absence: Absence, form: ChangeAbsenceForm, at: datetime
) -> None:
    by = get_reviewer(http_request)
    done = change_absence(absence=absence, **form.facts(), by=by, at=at)
    _tell(http_request, done, f"{done}.")


def _hand_over(
    http_request: HttpRequest, absence: Absence, form: ChangeAbsenceForm, at: datetime
) -> None:
    """All open work of who is out to who covers; one that is refused leaves all as they were."""
    count = hand_over(absence=absence, by=get_reviewer(http_request), at=at)
    are = "requests are" if count > 1 else "request is"
    messages.success(http_request, f"{count} {are} assigned to {absence.cover}.")


@require_POST
@needs(SEE)
@once
def absence_cancel(http_request: HttpRequest, pk: int) -> HttpResponse:
    absence = _absence(pk)
    try:
        cancel_absence(absence=absence, by=get_reviewer(http_request), at=now())
    except Refused as refusal:
        messages.error(http_request, refusal.sentence)
        return redirect(absence)
    messages.success(http_request, f"{absence.reviewer} is not out: the absence is canceled.")
    return redirect("reviewer:absence_list")


def _detail(
    http_request: HttpRequest,
    absence: Absence,
    form: ChangeAbsenceForm,
    *,
    at: datetime,
    **said: Any,
) -> HttpResponse:
    by = get_reviewer(http_request)
    held = Request.objects.visible_to(by.user).open().filter(assigned_to=absence.reviewer)
    context = {
        "out": outs(Absence.objects.filter(pk=absence.pk), seen_by=by, at=at)[0],
        "absence": absence,
        "is_over": absence.is_over(local_day(at)),
        "has_begun": absence.starts_on < local_day(at),
        "list": worklist.build(http_request, held, filters=read_filters(http_request.GET), at=at),
        "form": form if may_change(absence, by) else None,
        "names_member": False,
        **said,
    }
    return worklist.answer(http_request, "reviewer/absence_detail.html", context)


def _absence(pk: int) -> Absence:
    return get_object_or_404(Absence.objects.with_people(), pk=pk)


def _people() -> list[Reviewer]:
    """Who works on requests, by name."""
    working = Reviewer.objects.filter(role__in=WORKING, user__is_active=True)
    return list(working.select_related("user"))


def _tell(http_request: HttpRequest, done: Absence, sentence: str) -> None:
    messages.success(http_request, sentence)
    if others := uncovered_by(done):
        named = "; ".join(str(one) for one in others)
        messages.warning(
            http_request,
            f"{done.reviewer} was to cover for others on these days: {named}. Choose other covers.",
        )


def _data(http_request: HttpRequest) -> Any:
    return http_request.POST if http_request.method == "POST" else None
