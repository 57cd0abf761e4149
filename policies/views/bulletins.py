"""A bulletin in one of its versions."""

from collections.abc import Sequence

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from policies.catalog import readable_versions
from policies.forms import DayForm
from policies.models import Version
from policies.views.reader import page_of
from policies.views.reading_marks import changed_since
from policies.views.shown import shown_on, why_this
from policies.views.text import text_of
from policies.views.unknown import unknown, unknown_anchor, wants_json
from policies.views.version_json import version_as_json
from policies.views.versions import version_with_text, versions_of

reads_library = permission_required("policies.view_bulletin", raise_exception=True)


@require_safe
@reads_library
@vary_on_headers("Accept")
def bulletin_detail(request: HttpRequest, number: str) -> HttpResponse:
    """The version of a bulletin for today, or for the day that `?on=` names."""
    versions = versions_of(number, request.user)
    form = DayForm(request.GET)
    on = form.day(timezone.localdate())
    shown = shown_on([one for one in versions if one.is_frozen], on)
    version = shown.version or (versions[-1] if versions else None)
    if version is None:
        return unknown(request, number)
    near = [shown.near] if shown.near else []
    if on > timezone.localdate():
        near.append(f"{on} is still to come: a version published until then may change this.")
    sentence = shown.sentence if shown.version else why_this(version, on)
    return _answer(request, version, versions, form, [sentence, *near])


@require_safe
@reads_library
@vary_on_headers("Accept")
def version_detail(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """One version at its permanent address."""
    versions = versions_of(number, request.user)
    version = next((one for one in versions if one.ordinal == ordinal), None)
    if version is None:
        return unknown(request, number, versions=versions, ordinal=ordinal)
    form = DayForm(request.GET)
    on = form.day(timezone.localdate())
    shown = shown_on([one for one in versions if one.is_frozen], on)
    near = []
    if shown.version and shown.version != version and shown.is_in_effect:
        near = [f"{shown.sentence.partition(',')[0]} is in effect on {on}."]
    return _answer(request, version, versions, form, [why_this(version, on), *near])


@require_safe
@reads_library
@vary_on_headers("HX-Request")
def version_section(request: HttpRequest, number: str, ordinal: int, anchor: str) -> HttpResponse:
    """A part of a version by itself; for a script only its words."""
    versions = versions_of(number, request.user)
    version = next((one for one in versions if one.ordinal == ordinal), None)
    if version is None:
        return unknown(request, number, versions=versions, ordinal=ordinal)
    text = text_of(version.pk, version.content_hash)
    part = text.part(anchor)
    if part is None:
        return unknown_anchor(request, version, anchor, [one.anchor for one in text.parts])
    if request.headers.get("HX-Request"):
        return HttpResponse(part.inner)
    context = {"version": version, "bulletin": version.bulletin, "part": part}
    return render(request, "policies/version_section.html", context)


@require_safe
@reads_library
def version_source(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """The file that the version was read from, byte for byte, never shown in the browser."""
    readable = readable_versions(request.user).filter(bulletin__number=number, ordinal=ordinal)
    file = readable.values_list("source_name", "source_bytes").first()
    if file is None:
        return unknown(request, number, ordinal=ordinal)
    name, data = file
    disposition = content_disposition_header(True, name)
    return HttpResponse(
        bytes(data),
        content_type="application/octet-stream",
        headers={"Content-Disposition": disposition or "attachment"},
    )


def _answer(
    request: HttpRequest,
    version: Version,
    versions: Sequence[Version],
    form: DayForm,
    because: Sequence[str],
) -> HttpResponse:
    """The reader's page, or the version as JSON for whoever accepts only that."""
    on = form.day(timezone.localdate())
    if wants_json(request):
        whole = version_with_text(version.bulletin.number, version.ordinal, request.user)
        return version_as_json(request, whole or version, on)
    typed = request.GET.get("on", "")[:20] or on.isoformat()
    context = page_of(request, version, versions, on) | {
        "changed": changed_since(request, version, timezone.localdate()),
        "because": because[0],
        "near": because[1:],
        "form": form,
        "typed_day": typed,
    }
    return render(request, "policies/version_detail.html", context)
