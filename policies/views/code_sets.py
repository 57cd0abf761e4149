"""The code sets that are loaded, and the codes of one by their first characters."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import permission_required
from django.db.models import Count, QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.code_standing import with_short
from policies.forms import StartsForm
from policies.models import Code, Release, System
from policies.models.code_sets import SLUGS

SYSTEMS = {slug: System(value) for value, slug in SLUGS.items()}
# As their publishers write them; two of the values are words and not names.
PAGE = 100


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A system with the codes that are valid on the day and its newest release by then."""

    name: str
    slug: str
    count: int
    release: Release | None


@require_safe
@permission_required("policies.view_bulletin", raise_exception=True)
def code_list(request: HttpRequest) -> HttpResponse:
    """Every code system, with how much of it is loaded."""
    on = timezone.localdate()
    context = {"sets": _code_sets(on), "on": on}
    return render(request, "policies/code_list.html", context)


@require_safe
@permission_required("policies.view_bulletin", raise_exception=True)
def code_system(request: HttpRequest, system: str) -> HttpResponse:
    """The codes of a system that begin with `?starts=`, a page at a time."""
    if system not in SYSTEMS:
        known = next((slug for slug in SYSTEMS if slug == system.lower()), None)
        if known:
            return redirect("policies:code_system", known, permanent=True)
        instead = {"system_slug": system, "sets": _code_sets(timezone.localdate())}
        return render(request, "policies/code_system_unknown.html", instead, status=404)
    on = timezone.localdate()
    starts, after = StartsForm(request.GET).keys()
    valid = Code.objects.filter(system=SYSTEMS[system]).valid(on)
    below = valid.below(starts) if starts else valid
    page = list(with_short(below.filter(key__gt=after), on).order_by("key")[: PAGE + 1])
    context = {
        "name": SYSTEMS[system].label,
        "slug": system,
        "is_cpt": SYSTEMS[system] == System.CPT,
        "starts": starts,
        "after": after,
        "on": on,
        "codes": page[:PAGE],
        "next": page[PAGE - 1].key if len(page) > PAGE else "",
        "beginnings": _beginnings(below, len(starts) + 1),
        "release": _newest_releases(on).get(SYSTEMS[system]),
        "above": starts[:-1],
    }
    return render(request, "policies/code_system.html", context)


def _code_sets(on: date) -> list[CodeSet]:
    counts = dict(
        Code.objects.valid(on).order_by().values_list("system").annotate(count=Count("key"))
    )
    releases = _newest_releases(on)
    return [
        CodeSet(System(system).label, slug, counts.get(system, 0), releases.get(system))
        for slug, system in SYSTEMS.items()
        if counts.get(system) or system != System.OTHER
    ]


def _newest_releases(on: date) -> dict[str, Release]:
    """By system, the newest release that holds by the day."""
    found = Release.objects.filter(valid_from__lte=on).order_by("valid_from")
    return {release.system: release for release in found}


def _beginnings(below: QuerySet[Code], length: int) -> list[tuple[str, int]]:
    """The first characters with which the codes go on, each with its number of codes."""
    starts = below.annotate(start=Left("key", length)).order_by("start")
    return list(starts.values_list("start").annotate(count=Count("pk")))
