"""What a person does in the pane of criteria: the same for a request and for an appeal.

With htmx the answer brings back what changed; without, it leads to the page.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django_htmx.http import reswap, retarget

from policies.models import Criterion, Version
from reviewer.access import get_reviewer
from reviewer.decorators import account_of
from reviewer.forms.criteria import AnswerForm, EvidenceForm, TakeOverForm, trouble
from reviewer.models import CriteriaReview, Draft, Evidence
from reviewer.time import now
from reviewer.views.criteria_pane import Place, pane_of
from reviewer.views.criteria_tabs import tabs_of
from reviewer.views.document_list import documents_context
from reviewer.views.time_left import decision_left
from reviewer.workflow.criteria import (
    answer_criterion,
    open_review,
    point_to_evidence,
    remove_evidence,
    review_of,
    take_over_answers,
)
from reviewer.workflow.errors import Refused


def published(pk: int) -> Version:
    """Raises Http404 for a version that is not published."""
    return get_object_or_404(Version.objects.published().select_related("bulletin"), pk=pk)


def criterion_of(place: Place, pk: int) -> Criterion:
    return get_object_or_404(Criterion, pk=pk, version=place.version)


def is_fragment(http_request: HttpRequest) -> bool:
    return bool(http_request.headers.get("HX-Request") == "true")


def show(http_request: HttpRequest, place: Place, *, page: str) -> HttpResponse:
    """The checklist on a page of its own, or the pane alone where it is asked for in one."""
    at, is_page = now(), not is_fragment(http_request)
    account = account_of(http_request)
    context: dict[str, Any] = {
        "case": place.request,
        "appeal": place.appeal,
        "pane": pane_of(place, get_reviewer(http_request), at=at),
        "tabs": tabs_of(place, at=at),
        "left": decision_left(place.appeal or place.request, at=at),
        "is_page": is_page,
        "now": at,
    }
    if is_page:
        context |= documents_context(place.request, get_reviewer(http_request), account)
    return render(http_request, page if is_page else "reviewer/parts/criteria_pane.html", context)


def review_to_answer(http_request: HttpRequest, place: Place) -> CriteriaReview:
    """The review that holds: answers that were signed on are never begun again by themselves."""
    found = review_of(place.request, place.version, place.appeal)
    return found or open_review(
        request=place.request,
        version=place.version,
        appeal=place.appeal,
        by=get_reviewer(http_request),
        at=now(),
    )


def save_answer(http_request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    """Save a finding and a comment. What could not be saved is kept, beside what holds."""
    criterion = criterion_of(place, pk)
    if "theirs" in http_request.POST:
        drop(http_request, place, criterion)
        return answered(http_request, place, criterion, resets=True)
    form = AnswerForm(http_request.POST)
    if not form.is_valid():
        keep(http_request, place, criterion)
        return answered(http_request, place, criterion, said=trouble(form))
    if "in_conflict" in http_request.POST and "finding" not in http_request.POST:
        keep(http_request, place, criterion)  # until a person says which of the two holds
        return answered(http_request, place, criterion)
    try:
        answer_criterion(
            review=review_to_answer(http_request, place),
            criterion=criterion,
            finding=form.cleaned_data["finding"],
            comment=form.cleaned_data["comment"],
            revision=form.cleaned_data["revision"],
            by=get_reviewer(http_request),
            at=now(),
        )
    except Refused as refusal:
        keep(http_request, place, criterion)
        return answered(http_request, place, criterion, said=refusal.sentence)
    drop(http_request, place, criterion)
    return answered(http_request, place, criterion)


def add_evidence(http_request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    """Point to a page; the comment that was being typed is saved along."""
    criterion = criterion_of(place, pk)
    form = EvidenceForm(http_request.POST, request=place.request)

    def point() -> None:
        if not form.is_valid():
            raise Refused(trouble(form))
        point_to_evidence(
            review=review_to_answer(http_request, place),
            criterion=criterion,
            **form.cleaned_data,
            by=get_reviewer(http_request),
            at=now(),
        )

    return _with_comment(http_request, place, criterion, point)


def drop_evidence(http_request: HttpRequest, place: Place, pk: int, evidence: int) -> HttpResponse:
    """No longer point to a page; one that is gone already stays so."""
    criterion = criterion_of(place, pk)
    found = Evidence.objects.filter(
        pk=evidence,
        answer__criterion=criterion,
        answer__review__request=place.request,
        answer__review__appeal=place.appeal,
    ).select_related("answer__review__request", "answer__review__appeal")

    def take_back() -> None:
        for one in found:
            remove_evidence(evidence=one, by=get_reviewer(http_request), at=now())

    return _with_comment(http_request, place, criterion, take_back)


def _with_comment(
    http_request: HttpRequest, place: Place, criterion: Criterion, act: Callable[[], None]
) -> HttpResponse:
    """Do something beside the answer. Without a script the page comes anew: what was typed into
    the comment is saved first."""
    if not is_fragment(http_request):
        response = save_answer(http_request, place, criterion.pk)
        if _kept(http_request, place, criterion).exists():
            return response
    try:
        act()
    except Refused as refusal:
        return answered(http_request, place, criterion, said=refusal.sentence, points=True)
    return answered(http_request, place, criterion, points=True)


def begin_again(http_request: HttpRequest, place: Place) -> HttpResponse:
    """Go on from answers that were signed on, in a review of its own."""
    try:
        open_review(
            request=place.request,
            version=place.version,
            appeal=place.appeal,
            by=get_reviewer(http_request),
            at=now(),
        )
    except Refused as refusal:
        messages.error(http_request, refusal.sentence)
    return redirect(place.address)


def take_over(http_request: HttpRequest, place: Place) -> HttpResponse:
    """Answer as was answered to another version."""
    form = TakeOverForm(http_request.POST, request=place.request, appeal=place.appeal)
    chosen = form.cleaned_data["answers"] if form.is_valid() else ()
    try:
        taken = take_over_answers(
            review=review_to_answer(http_request, place),
            answers=chosen,
            by=get_reviewer(http_request),
            at=now(),
        )
    except Refused as refusal:
        messages.error(http_request, refusal.sentence)
    else:
        what = "One answer is" if taken == 1 else f"{taken} answers are"
        messages.success(http_request, f"{what} taken over. The others stay where they are.")
    return redirect(place.address)


def answered(
    http_request: HttpRequest,
    place: Place,
    criterion: Criterion,
    *,
    said: str = "",
    points: bool = False,
    resets: bool = False,
) -> HttpResponse:
    """What an act brings back: the row's own parts and the result, or the page."""
    if not is_fragment(http_request):
        if said:
            messages.error(http_request, said)
        return HttpResponseRedirect(place.kept_at(criterion.pk))
    pane = pane_of(place, get_reviewer(http_request), at=now())
    row = pane.row(criterion.pk)
    context = {
        "case": place.request,
        "pane": pane,
        "row": row,
        "trouble": said,
        "points": points,
        "resets": resets,
    }
    if row.has_children and "finding" in http_request.POST and not said:
        # What stands under it is set aside with it, or comes back.
        response = render(http_request, "reviewer/parts/criteria_listed.html", context)
        return reswap(retarget(response, "#criteria-list"), "innerHTML")
    return render(http_request, "reviewer/parts/criteria_answered.html", context)


def keep(http_request: HttpRequest, place: Place, criterion: Criterion) -> None:
    """Keep what a person typed and could not save, so that no crash takes it."""
    posted = http_request.POST
    typed = {
        "finding": posted.get("finding", posted.get("kept", "")),
        "comment": posted.get("comment", "").replace("\r\n", "\n").replace("\0", ""),
    }
    Draft.objects.update_or_create(
        user=get_reviewer(http_request).user,
        place=place.kept_at(criterion.pk),
        defaults={
            "title": f"An answer that was not saved, {place.version}",
            "request": place.request,
            "fields": [list(pair) for pair in typed.items()],
            "saved_at": now(),
        },
    )


def drop(http_request: HttpRequest, place: Place, criterion: Criterion) -> None:
    _kept(http_request, place, criterion).delete()


def _kept(http_request: HttpRequest, place: Place, criterion: Criterion) -> QuerySet[Draft]:
    return Draft.objects.filter(
        user=get_reviewer(http_request).user, place=place.kept_at(criterion.pk)
    )
