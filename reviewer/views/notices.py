"""Notices: read before they go, recorded as sent, shown as the exact bytes that were kept."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from reviewer.access import get_determination, get_reviewer
from reviewer.decorators import needs, once
from reviewer.forms.notices import NoticeForm
from reviewer.models import Notice
from reviewer.time import now
from reviewer.workflow.capsules import sha256
from reviewer.workflow.errors import Refused
from reviewer.workflow.notices import compose_notice, send_notice


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reviewer.send_notice")
@once
def notice_send(http_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Read what the member and the provider are told, then record how it was sent."""
    determination = get_determination(http_request, number, pk)
    if decision := determination.appeal_decision:
        return redirect("reviewer:appeal_notice_send", decision.appeal.number)
    told = set(determination.notices.in_writing().values_list("recipient", flat=True))
    waiting = [who for who in Notice.Recipient.values if who not in told]
    form = NoticeForm(
        http_request.POST if http_request.method == "POST" else None,
        initial={"recipient": waiting[0] if waiting else None},
    )
    if form.is_valid():
        try:
            sent = send_notice(
                determination=determination,
                **form.cleaned_data,
                by=get_reviewer(http_request),
                at=now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            who = sent.get_recipient_display().lower()
            messages.success(http_request, f"On record: the {who} was told.")
            return redirect("reviewer:notice_detail", number, pk, sent.pk)
    context = {
        "case": determination.request,
        "determination": determination,
        "form": form,
        "told": told,
        "letters": [
            (who, compose_notice(determination=determination, recipient=who))
            for who in Notice.Recipient
        ],
    }
    return render(http_request, "reviewer/notice_send.html", context)


@require_safe
@needs("reviewer.view_determination")
def notice_detail(http_request: HttpRequest, number: str, pk: int, notice: int) -> HttpResponse:
    """A notice as it went, and whether its hash agrees."""
    determination = get_determination(http_request, number, pk)
    own = determination.notices.exclude(kind__in=Notice.OF_APPEALS)
    kept = get_object_or_404(own.select_related("sent_by__user"), pk=notice)
    context = {
        "case": determination.request,
        "determination": determination,
        "notice": kept,
        "agrees": sha256(kept.body) == kept.sha256,
    }
    return render(http_request, "reviewer/notice_detail.html", context)
