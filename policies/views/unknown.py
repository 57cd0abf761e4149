"""What is not there: status 404, with what there is instead, as a page or as JSON."""

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rapidfuzz import process

from policies.models import Version
from policies.views.likely import likely_bulletins
from policies.views.versions import versions_of

MEDIA_TYPES = ["text/html", "application/json"]


def wants_json(request: HttpRequest) -> bool:
    """Whether the address or the Accept header asks for JSON rather than for a page."""
    by_address = request.path.endswith(".json")
    return by_address or request.get_preferred_type(MEDIA_TYPES) == "application/json"


def unknown_version(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    return unknown(request, number, versions=versions_of(number, request.user), ordinal=ordinal)


def unknown(
    request: HttpRequest,
    number: str,
    *,
    versions: Sequence[Version] = (),
    ordinal: int | None = None,
) -> HttpResponse:
    """A bulletin or a version that is not there, and the versions or bulletins that are."""
    likely = [] if versions else likely_bulletins(number)
    if not wants_json(request):
        context = {"number": number, "ordinal": ordinal, "versions": versions, "likely": likely}
        return render(request, "policies/bulletin_unknown.html", context, status=404)
    if versions:
        addresses = [one.get_absolute_url() for one in versions]
        return _json(request, f"{number} has no version {ordinal}.", addresses)
    bulletins = [one.get_absolute_url() for one in likely]
    return _json(request, f"No bulletin has the number {number}.", bulletins)


def unknown_anchor(
    request: HttpRequest, version: Version, anchor: str, known: Iterable[str]
) -> HttpResponse:
    """A place that the version does not have, and those with a name like it."""
    near = [name for name, _, _ in process.extract(anchor, list(known), limit=6, score_cutoff=60)]
    address = version.get_absolute_url()
    if wants_json(request):
        said = f"{version} has no place with the anchor {anchor}."
        return _json(request, said, [address, *(f"{address}#{one}" for one in near)])
    context = {
        "version": version,
        "number": version.bulletin.number,
        "anchor": anchor,
        "near": near,
    }
    return render(request, "policies/bulletin_unknown.html", context, status=404)


def _json(request: HttpRequest, error: str, addresses: Iterable[str]) -> JsonResponse:
    instead = [request.build_absolute_uri(one) for one in addresses]
    return JsonResponse({"error": error, "instead": instead}, status=404)
