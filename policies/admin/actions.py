"""What may be done with versions: each verb of `policies.publishing`, with its answer in words."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from policies import publishing
from policies.admin.bases import AdminOfVersions
from policies.admin.forms import PublishForm, RetireForm, VerbForm
from policies.admin.impact import change_of, facts_of, first_day, numbers_of, proposed_day
from policies.admin.version_pages import page_context
from policies.impact import Change, touched_by
from policies.models import Publication, Version

Chosen = QuerySet[Version]
Next = HttpResponse | None  # None: back to the list


@admin.action(description="Submit for approval", permissions=["submit"])
def submit(modeladmin: AdminOfVersions, request: HttpRequest, chosen: Chosen) -> Next:
    return _each(
        request,
        chosen,
        publishing.submit,
        "now waits for a second person to approve it; any edit makes it a draft again",
    )


@admin.action(description="Approve", permissions=["approve"])
def approve(modeladmin: AdminOfVersions, request: HttpRequest, chosen: Chosen) -> Next:
    return _each(
        request,
        chosen,
        publishing.approve,
        "is approved and may be published; any edit takes that back",
    )


@admin.action(description="Return to draft", permissions=["return"])
def return_to_draft(modeladmin: AdminOfVersions, request: HttpRequest, chosen: Chosen) -> Next:
    told = "is a draft again; an approval has lapsed"
    return _each(request, chosen, publishing.return_to_draft, told)


@admin.action(description="Publish", permissions=["publish"])
def publish(modeladmin: AdminOfVersions, request: HttpRequest, chosen: Chosen) -> Next:
    """Ask for the day first: what is published never changes again."""
    if (version := _one(request, chosen, "publish")) is None:
        return None
    today = timezone.localdate()
    start = proposed_day(version, today)
    form = PublishForm(_confirmed(request), initial={"effective_from": start})
    if form.is_valid() and _done(request, version, form, publishing.publish, _begun):
        return _back(version)
    change = replace(change_of(version, on=today), effective_from=start)
    return _ask(modeladmin, request, form, "publish", change, first_day=first_day(version, today))


@admin.action(description="Retire", permissions=["publish"])
def retire(modeladmin: AdminOfVersions, request: HttpRequest, chosen: Chosen) -> Next:
    """Ask when and why first: an end is written once."""
    if (version := _one(request, chosen, "retire")) is None:
        return None
    today = timezone.localdate()
    form = RetireForm(_confirmed(request))
    if form.is_valid() and _done(request, version, form, publishing.retire, _ended):
        return _back(version)
    change = Change(version, None, None, on=today, is_retirement=True)
    is_to_come = version.stage(today) == Version.Stage.SCHEDULED
    return _ask(modeladmin, request, form, "retire", change, is_to_come=is_to_come)


def _each(request: HttpRequest, chosen: Chosen, verb: Callable[..., object], told: str) -> Next:
    versions = list(chosen.select_related("bulletin"))
    for version in versions:
        _carry_out(request, version, told, verb)
    return _back(versions[0]) if "from_version" in request.POST and versions else None


def _back(version: Version) -> HttpResponse:
    return redirect("admin:policies_version_change", version.pk)


def _carry_out(
    request: HttpRequest, version: Version, told: str, verb: Callable[..., object]
) -> None:
    """Do it and say so, or say why not."""
    try:
        verb(version=version, by=request.user, at=timezone.now())
    except publishing.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{version} {told}.")


def _done(
    request: HttpRequest,
    version: Version,
    form: VerbForm,
    verb: Callable[..., Publication],
    told: Callable[[Publication], str],
) -> bool:
    """Do what the form asks for and say so, or say why not beside what was typed."""
    try:
        done = verb(version=version, by=request.user, at=timezone.now(), **form.facts())
    except publishing.Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"{version}{told(done)}")
    return True


def _begun(publication: Publication) -> str:
    start = publication.effective_from or "a day that is not stated"
    return f" is published, in effect from {start}."


def _ended(publication: Publication) -> str:
    return f": {publishing.end_in_words(publication)}"


def _one(request: HttpRequest, chosen: Chosen, verb: str) -> Version | None:
    """The only version chosen; grave verbs take one at a time."""
    versions = list(chosen.select_related("bulletin")[:2])
    if len(versions) == 1:
        return versions[0]
    messages.error(request, f"Choose one version to {verb}: each needs a day of its own.")
    return None


def _confirmed(request: HttpRequest) -> Any:
    return request.POST if "confirmed" in request.POST else None


def _ask(
    modeladmin: AdminOfVersions,
    request: HttpRequest,
    form: VerbForm,
    action: str,
    change: Change,
    **facts: Any,
) -> HttpResponse:
    """The page that shows what the verb will do before it is done."""
    version = change.version
    title = f"{action.capitalize()} {version}"
    context = page_context(modeladmin, request, version, here="schedule", title=title)
    context |= facts_of(change) | {
        "numbers": numbers_of(touched_by(change), request.user),
        "form": form,
        "action": action,
        "checkbox": ACTION_CHECKBOX_NAME,
        **facts,
    }
    return TemplateResponse(request, "admin/policies/version/confirm.html", context)
