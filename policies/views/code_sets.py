"""The code sets that are loaded, and the codes of one by their first characters."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.code_chapters import counted
from policies.code_standing import with_short
from policies.forms import Browsed, StartsForm
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
    asked = StartsForm(request.GET).asked(timezone.localdate())
    is_diagnosis = SYSTEMS[system] == System.ICD_10_CM
    within = _within(Code.objects.filter(system=SYSTEMS[system]), asked)
    listed = _standing(within, asked.on)[asked.show]
    page = list(
        with_short(within.filter(listed, key__gt=asked.after), asked.on)
        .select_related("successor")
        .order_by("key", "valid_from")[: PAGE + 1]
    )
    is_whole = not asked.starts and not asked.chapter
    categories = _beginnings(within.filter(listed), 3) if is_whole and is_diagnosis else []
    context = {
        "name": SYSTEMS[system].label,
        "slug": system,
        "is_cpt": SYSTEMS[system] == System.CPT,
        "asked": asked,
        "codes": page[:PAGE],
        "next": page[PAGE - 1].key if len(page) > PAGE else "",
        "shows": _counted(within, asked.on),
        "chapters": counted(categories) if categories else [],
        "beginnings": [] if categories else _beginnings(within.filter(listed), _next(asked)),
        "release": _newest_releases(asked.on).get(SYSTEMS[system]),
        "above": asked.starts[:-1],
        "kept": urlencode({"on": asked.on} if request.GET.get("on") else {}),
    }
    return render(request, "policies/code_system.html", context)


def _next(asked: Browsed) -> int:
    """With how many characters the list goes on: a chapter's categories have three."""
    return len(asked.starts) + 1 if asked.starts or not asked.chapter else 3


def _within(codes: QuerySet[Code], asked: Browsed) -> QuerySet[Code]:
    if asked.chapter:
        codes = codes.filter(key__gte=asked.chapter.low, key__lt=f"{asked.chapter.high}~")
    if asked.starts:
        codes = codes.filter(key__gte=asked.starts, key__lt=f"{asked.starts}~")
    return codes


def _standing(within: QuerySet[Code], on: date) -> dict[str, Q]:
    """What the codes of each standing fulfill. One that goes on in another row has not ended."""
    same = within.model._default_manager.filter(system=OuterRef("system"), key=OuterRef("key"))
    later = same.filter(valid_from__gt=OuterRef("valid_from"))
    begun = same.filter(valid_from__lt=OuterRef("valid_from"))
    valid = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    return {
        StartsForm.VALID: valid,
        StartsForm.ENDED: Q(valid_to__lt=on) & ~Q(Exists(later)),
        StartsForm.NOT_YET: Q(valid_from__gt=on) & ~Q(Exists(begun)),
    }


def _counted(within: QuerySet[Code], on: date) -> list[tuple[str, str, int]]:
    """Each standing: its value, its name and its number of codes."""
    counts = within.aggregate(
        **{
            name.replace("-", "_"): Count("pk", filter=holds)
            for name, holds in _standing(within, on).items()
        }
    )
    return [(name, label, counts[name.replace("-", "_")]) for name, label in StartsForm.SHOWS]


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
