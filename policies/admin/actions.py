"""What may be done with versions: each verb of `policies.publishing`, with its answer in words."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from policies import publishing
from policies.admin.bases import AdminOfVersions
from policies.admin.forms import PublishForm, RetireForm
from policies.models import Version

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
    form = PublishForm(_confirmed(request), initial={"effective_from": version.effective_stated})
    if not form.is_valid():
        warning = (
            "From then on its text, codes and facts never change: a correction is a new version."
            " The version that goes on until now ends on the day on which this one begins."
        )
        return _ask(modeladmin, request, version, form, "publish", f"Publish {version}", warning)
    start = form.cleaned_data["effective_from"]
    told = f"is published, in effect from {start or 'a day that is not stated'}"
    _carry_out(request, version, told, publishing.publish, effective_from=start)
    return _back(version)


@admin.action(description="Retire", permissions=["publish"])
def retire(modeladmin: AdminOfVersions, request: HttpRequest, chosen: Chosen) -> Next:
    """Ask when and why first: an end is written once."""
    if (version := _one(request, chosen, "retire")) is None:
        return None
    form = RetireForm(_confirmed(request))
    if not form.is_valid():
        warning = "Its end is written once. Its text stays at its address for ever."
        if version.stage(timezone.localdate()) == Version.Stage.SCHEDULED:
            start = version.publication.effective_from
            warning += (
                f" It takes effect on {start}: give that day to call it off, so that it never does."
            )
        return _ask(modeladmin, request, version, form, "retire", f"Retire {version}", warning)
    _carry_out(request, version, publishing.end_in_words, publishing.retire, **form.cleaned_data)
    return _back(version)


def _each(request: HttpRequest, chosen: Chosen, verb: Callable[..., object], told: str) -> Next:
    versions = list(chosen.select_related("bulletin"))
    for version in versions:
        _carry_out(request, version, told, verb)
    return _back(versions[0]) if "from_version" in request.POST and versions else None


def _back(version: Version) -> HttpResponse:
    return redirect("admin:policies_version_change", version.pk)


def _carry_out(
    request: HttpRequest,
    version: Version,
    told: str | Callable[[Any], str],
    verb: Callable[..., object],
    **facts: Any,
) -> None:
    """Do it and say so, or say why not. `told`: what follows the version's name, or sentences made
    of what the verb gave back."""
    try:
        done = verb(version=version, by=request.user, at=timezone.now(), **facts)
    except publishing.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, f"{version} {told}." if isinstance(told, str) else f"{version}: {told(done)}"
        )


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
    version: Version,
    form: forms.Form,
    action: str,
    title: str,
    warning: str,
) -> HttpResponse:
    context = {
        **modeladmin.admin_site.each_context(request),
        "opts": modeladmin.opts,
        "title": title,
        "version": version,
        "form": form,
        "action": action,
        "warning": warning,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/policies/version/confirm.html", context)
