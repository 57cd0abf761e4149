"""Appeals: received, assigned to someone independent, decided."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from reviewer.access import (
    get_appeal,
    get_determination,
    get_reviewer,
    note_shown,
)
from reviewer.decorators import needs, once
from reviewer.forms.appeal_received import AppealForm
from reviewer.forms.appeals import AppealAssignForm, OutsideDecisionForm
from reviewer.forms.verbs import ReasonForm
from reviewer.models import Appeal, AppealDecision, Determination, Notice
from reviewer.time import local_day, now
from reviewer.views.appeal_deciding import AppealDeciding
from reviewer.views.clock_actions import acts_on
from reviewer.views.limit_words import appeal_limit_told
from reviewer.views.time_left import TimeLeft, decision_left, going_of
from reviewer.workflow import appeals
from reviewer.workflow.acts.offers import offers
from reviewer.workflow.appeal_receipts import receive_appeal
from reviewer.workflow.clocks import decision_among
from reviewer.workflow.errors import Refused
from reviewer.workflow.outside_decisions import body_of, record_outside_decision
from reviewer.workflow.rule_book import book
from reviewer.workflow.told import whom_to_tell

ROWS = 100
page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@needs("reviewer.view_appeal")
def appeal_list(http_request: HttpRequest) -> HttpResponse:
    """Appeals in one's scope: open ones by time left, or the decided and withdrawn ones."""
    at, ended = now(), http_request.GET.get("show") == "ended"
    seen = Appeal.objects.visible_to(http_request.user)
    found = seen.exclude(state__in=Appeal.OPEN) if ended else seen.open().by_time_left()
    rows = list(
        found.select_related(
            "request",
            "determination__line",
            "assigned_to__user",
            "decision",
            "outside_decision",
        )[:ROWS]
    )
    note_shown(http_request, [row.request.number for row in rows])
    context = {
        "rows": [(row, left_of(row, at)) for row in rows],
        "ended": ended,
        "open_count": seen.open().count(),
        "ended_count": seen.exclude(state__in=Appeal.OPEN).count(),
    }
    return render(http_request, "reviewer/appeal_list.html", context)


def left_of(appeal: Appeal, at: datetime) -> TimeLeft:
    """Of an open appeal the time left; of another how it stands."""
    if appeal.state in Appeal.OPEN:
        return decision_left(appeal, at=at)
    return TimeLeft(appeal.get_state_display().lower(), "met")


@page
@needs("reviewer.add_appeal")
def appeal_new(http_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Enter the appeal of an adverse determination.

    To show its limit has no effect, so it is no intent: it must not stand against the appeal that
    is sent meanwhile.
    """
    if http_request.POST.get("act") != "show":
        return _sent(http_request, number, pk)
    determination = get_determination(http_request, number, pk)
    form = AppealForm(http_request.POST, determination=determination, at=now())
    form.is_valid()
    form.without_errors()
    return _appeal_page(http_request, determination, form)


@once
def _sent(http_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The empty form, or the appeal entered, or what is wrong with it."""
    determination, at = get_determination(http_request, number, pk), now()
    data = http_request.POST if http_request.method == "POST" else None
    form = AppealForm(data, determination=determination, at=at)
    if form.is_valid():
        try:
            appeal = receive_appeal(
                determination=determination,
                **form.asked_of_the_verb(),
                by=get_reviewer(http_request),
                at=at,
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"Appeal {appeal} is entered; its clock runs.")
            return redirect(appeal)
    return _appeal_page(http_request, determination, form)


def _appeal_page(
    http_request: HttpRequest, determination: Determination, form: AppealForm
) -> HttpResponse:
    context = {
        "case": determination.request,
        "determination": determination,
        "form": form,
        "opening": appeal_limit_told(form.limit, book()) if form.limit else None,
    }
    is_part = http_request.headers.get("HX-Target") == "limits"
    name = "parts/appeal_limits.html" if is_part else "appeal_new.html"
    return render(http_request, f"reviewer/{name}", context)


@require_safe
@needs("reviewer.view_appeal")
def appeal_detail(http_request: HttpRequest, number: str) -> HttpResponse:
    """An appeal, its decision, and what shows that the decider is independent."""
    appeal, at = get_appeal(http_request, number), now()
    reviewer = get_reviewer(http_request)
    decision = getattr(appeal, "decision", None)
    on = local_day(decision.decided_at if decision else at)
    judged = appeals.eligible_deciders(appeal, on=on) if appeal.state in Appeal.OPEN else []
    clocks = list(appeal.clocks.all())
    context = {
        "case": appeal.request,
        "appeal": appeal,
        "determination": appeal.determination,
        "decision": decision,
        "outside": getattr(appeal, "outside_decision", None),
        "is_of_the_plan": appeals.is_of_the_plan(appeal),
        "follows": decision.determinations.first() if decision else None,
        "involved": appeal.request.involvements.select_related("reviewer__user"),
        "judged": judged,
        "own_objection": next((why for one, why in judged if one.pk == reviewer.pk), None),
        "is_mine": appeal.assigned_to_id == reviewer.pk,
        "me": reviewer,
        "acts": acts_on(appeal, decision_among(clocks, appeal), reviewer.user, reviewer),
        "offers": [one for one in offers(appeal.request, at=at) if one.appeal_id == appeal.pk],
        "letters": appeal.notices.exclude(kind__in=Notice.OF_APPEALS).defer("body"),
        "told": appeal.notices.of_appeals().select_related("sent_by__user").defer("body"),
        "untold": _untold(decision),
        "left": left_of(appeal, at),
        "going": going_of(clocks, at=at),
        "events": appeal.request.events.filter(after__appeal=appeal.number).select_related(
            "by__user"
        ),
    }
    return render(http_request, "reviewer/appeal_detail.html", context)


def _untold(decision: AppealDecision | None) -> list[str]:
    """Who was not told of the decision; nobody where another determination holds since."""
    if decision is None or not hasattr(decision.left_in_force, "active_for"):
        return []
    return [str(who.label).lower() for who in whom_to_tell(decision)]


@page
@needs("reviewer.assign_appeal")
@once
def appeal_assign(http_request: HttpRequest, number: str) -> HttpResponse:
    """Choose who decides among those who may; the others stand beside, each with the reason."""
    appeal, at = get_appeal(http_request, number), now()
    judged = appeals.eligible_deciders(appeal, on=local_day(at))
    data = http_request.POST if http_request.method == "POST" else None
    form = AppealAssignForm(
        data, eligible=[one for one, why in judged if why is None], on=local_day(at)
    )
    if form.is_valid():
        try:
            appeals.assign_appeal(
                appeal=appeal, to=form.person(), by=get_reviewer(http_request), at=at
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"Appeal {appeal} is assigned to {form.person()}.")
            return redirect(appeal)
    context = {
        "case": appeal.request,
        "appeal": appeal,
        "form": form,
        "left_out": [why for _, why in judged if why],
        "left": left_of(appeal, at),
    }
    return render(http_request, "reviewer/appeal_assign.html", context)


@page
@needs("reviewer.decide_appeal")
@once
def appeal_decide(http_request: HttpRequest, number: str) -> HttpResponse:
    """Decide an appeal; what is overturned gets its new determination in the same act."""
    appeal, at = get_appeal(http_request, number), now()
    deciding = AppealDeciding(http_request, appeal, at=at)
    if deciding.is_valid():
        try:
            deciding.sign()
        except Refused as refusal:
            deciding.form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"Appeal {appeal} is decided.")
            return redirect(appeal)
    return render(http_request, "reviewer/appeal_decide.html", deciding.context())


@page
@needs("reviewer.add_appeal")
@once
def appeal_outside_decision(http_request: HttpRequest, number: str) -> HttpResponse:
    """Write down what a body outside the plan decided of an appeal that is before it."""
    appeal, at = get_appeal(http_request, number), now()
    try:
        body = body_of(appeal)
    except Refused as refusal:
        messages.error(http_request, refusal.sentence)
        return redirect(appeal)
    form = OutsideDecisionForm(http_request.POST if http_request.method == "POST" else None)
    if form.is_valid():
        by = get_reviewer(http_request)
        try:
            record_outside_decision(appeal=appeal, **form.cleaned_data, by=by, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"On record: appeal {appeal} was decided outside.")
            return redirect(appeal)
    context = {
        "case": appeal.request,
        "appeal": appeal,
        "body": body,
        "form": form,
        "left": left_of(appeal, at),
    }
    return render(http_request, "reviewer/appeal_outside_decision.html", context)


@page
@needs("reviewer.add_appeal")
@once
def appeal_withdraw(http_request: HttpRequest, number: str) -> HttpResponse:
    """The appellant takes the appeal back."""
    appeal = get_appeal(http_request, number)
    form = ReasonForm(http_request.POST if http_request.method == "POST" else None)
    if form.is_valid():
        try:
            appeals.withdraw_appeal(
                appeal=appeal, **form.cleaned_data, by=get_reviewer(http_request), at=now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"Appeal {appeal} is withdrawn.")
            return redirect(appeal)
    context = {"case": appeal.request, "appeal": appeal, "form": form}
    return render(http_request, "reviewer/appeal_withdraw.html", context)
