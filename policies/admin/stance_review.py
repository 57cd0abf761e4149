"""On what ground each passage of a draft speaks, confirmed by an editor section by section."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from policies.admin.bases import AdminOfVersions
from policies.admin.version_pages import may_confirm, page_context, version_of
from policies.drafting.grounds import Group, grounds_of
from policies.drafting.stances import confirm_stances, take_back_stance
from policies.models import StanceType, Version
from policies.publishing import Refused

CHOICES = [("", "says nothing"), *StanceType.choices]


def version_stances(modeladmin: AdminOfVersions, request: HttpRequest, pk: int) -> HttpResponse:
    """The passages by section, each with its type and why; POST confirms some."""
    version = version_of(modeladmin, request, pk)
    if request.method != "POST":
        return _page(modeladmin, request, version)
    if not modeladmin.has_change_permission(request, version):
        raise PermissionDenied("Only policy editors write into versions not published yet.")
    try:
        told, anchor = _carry_out(request, version)
    except Refused as refusal:
        return _page(modeladmin, request, version, refused=str(refusal))
    messages.success(request, told)
    return redirect(f"{reverse('admin:policies_version_stances', args=[version.pk])}#{anchor}")


def _carry_out(request: HttpRequest, version: Version) -> tuple[str, str]:
    """What was done, and where on the page the work goes on."""
    assert isinstance(request.user, User)
    who: dict[str, Any] = {"version": version, "by": request.user, "at": timezone.now()}
    verb, _, anchor = request.POST.get("do", "").partition(":")
    if verb == "take_back":
        take_back_stance(anchor=anchor, **who)
        return f"The stance type of #{anchor} is not confirmed any more.", f"p-{anchor}"
    chosen = {
        key.removeprefix("type:"): str(value)
        for key, value in request.POST.items()
        if key.startswith("type:")
    }
    seen = {anchor: request.POST.get(f"seen:{anchor}", "") for anchor in chosen}
    if verb == "one" and anchor in chosen:
        confirm_stances(types={anchor: chosen[anchor]}, seen=seen, **who)
        return f"The stance type of #{anchor} is confirmed.", f"p-{anchor}"
    if verb in ("section", "all_as") and chosen:
        if verb == "all_as":
            chosen = dict.fromkeys(chosen, request.POST.get("whole", ""))
        changed = confirm_stances(types=chosen, seen=seen, **who)
        noun = "passage" if len(changed) == 1 else "passages"
        return f"{len(changed)} {noun} confirmed.", f"s-{anchor}"
    raise Refused("Nothing was done: this page has no such button. Reload it.")


def _page(
    modeladmin: AdminOfVersions, request: HttpRequest, version: Version, *, refused: str = ""
) -> HttpResponse:
    groups = grounds_of(version)
    counted = [one for group in groups for one in group.grounds if one.counts]
    context = {
        **page_context(
            modeladmin, request, version, here="stances", title=f"{version}: its stance types"
        ),
        "groups": [(group, _rows(group, request if refused else None)) for group in groups],
        "choices": CHOICES,
        "total": len(counted),
        "confirmed": sum(one.is_confirmed for one in counted),
        "may_write": may_confirm(modeladmin, request, version),
        "refused": refused,
    }
    template = "admin/policies/version/stances.html"
    return TemplateResponse(request, template, context, status=409 if refused else 200)


def _rows(group: Group, typed: HttpRequest | None) -> list[tuple[Any, str]]:
    """Each passage with the type that the list shows: what was chosen stays when refused."""
    posted = typed.POST if typed else {}
    return [
        (one, posted.get(f"type:{one.passage.anchor}", one.passage.stance_type))
        for one in group.grounds
    ]
