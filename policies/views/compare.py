"""Any two versions of a bulletin side by side, and what people said of a change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from policies.comparison import Comparison, Effect, compare, editions_of, rules_in_words
from policies.comparison.descriptors import described_codes
from policies.comparison.reclassified import (
    LONGEST_REASON,
    NotReclassified,
    Reclassified,
    reclassified,
    reclassify,
    said_of,
)
from policies.models import Version
from policies.views.bulletins import reads_library
from policies.views.compare_parts import parts_shown, told
from policies.views.shown import first_day, last_day
from policies.views.unknown import unknown
from policies.views.versions import versions_of

MAY_CLASS = "policies.change_version"


@dataclass(frozen=True, slots=True)
class Typed:
    """What someone wrote of a change; `error` says what is wrong with it."""

    key: str = ""
    effect: str = ""
    reason: str = ""
    error: str = ""


@require_safe
@reads_library
def compare_choose(request: HttpRequest, number: str) -> HttpResponse:
    """Leads to the comparison of the two versions that were chosen from the lists."""
    chosen = [request.GET.get(name, "") for name in ("before", "after")]
    ordinals = [one.ordinal for one in versions_of(number, request.user)]
    if not ordinals:
        return unknown(request, number)
    known = [int(one) for one in chosen if one.isdecimal() and len(one) < 9]
    pair = known if len(known) == 2 else ([*ordinals, *ordinals])[-2:]
    return redirect("policies:version_compare", number, *pair)


@require_safe
@reads_library
def version_compare(request: HttpRequest, number: str, before: int, after: int) -> HttpResponse:
    """The text word by word, the criteria by lineage, the codes by their ranges."""
    versions = {one.ordinal: one for one in versions_of(number, request.user)}
    if not versions:
        return unknown(request, number)
    if before not in versions or after not in versions or before == after:
        return _not_a_pair(request, list(versions.values()), before, after)
    typed = Typed(key=request.GET.get("class", ""))
    return _page(request, versions, versions[before], versions[after], typed)


@require_POST
@permission_required(MAY_CLASS, raise_exception=True)
def change_reclassify(request: HttpRequest, number: str, before: int, after: int) -> HttpResponse:
    """Gives a change another class than the rule did, with a reason."""
    versions = {one.ordinal: one for one in versions_of(number, request.user)}
    old, new = versions.get(before), versions.get(after)
    if old is None or new is None or not isinstance(request.user, User):
        return _not_a_pair(request, list(versions.values()), before, after, number=number)
    key, effect = request.POST.get("key", ""), request.POST.get("effect", "")
    reason = request.POST.get("reason", "")
    try:
        reclassify(
            before=old,
            after=new,
            change_key=key,
            effect=effect,
            reason=reason,
            by=request.user,
            at=timezone.now(),
        )
    except NotReclassified as error:
        return _page(request, versions, old, new, Typed(key, effect, reason, str(error)))
    address = reverse("policies:version_compare", args=[number, before, after])
    anchor = request.POST.get("anchor", "")
    return redirect(f"{address}#{anchor}" if anchor.replace("-", "").isalnum() else address)


def _page(
    request: HttpRequest, versions: Mapping[int, Version], old: Version, new: Version, typed: Typed
) -> HttpResponse:
    _fetch_content(old, new)
    today = timezone.localdate()
    days = (_day(old, today), _day(new, today))
    found = reclassified(compare(*editions_of(old, new)), said_of((old, new)).select_related("by"))
    compared = found.comparison
    context = {
        "bulletin": new.bulletin,
        "versions": [(one, *_days(one)) for one in (old, new)],
        "ordinals": list(versions),
        "new": new,
        "is_newest_first": old.ordinal > new.ordinal,
        "starts_on": first_day(new) if new.is_frozen else None,
        "today": today,
        "described_on": days,
        "comparison": compared,
        "tally": [(effect, count) for effect, count in compared.counts.items()],
        "told": [(effect, told(compared.of(effect))) for effect in Effect],
        "parts": parts_shown(compared, described_codes(compared, days)),
        "rules": _rules(),
        "has_cpt": _has_cpt(compared),
        **_classing(request, found, typed),
    }
    return render(request, "policies/version_compare.html", context)


def _classing(request: HttpRequest, found: Reclassified, typed: Typed) -> dict[str, object]:
    """What the page needs where classes were given, or may be."""
    asked = next((one for one in found.comparison.noted if one.change.key == typed.key), None)
    return {
        "may_class": request.user.has_perm(MAY_CLASS),
        "typed": typed,
        "asked": asked,
        "effects": list(Effect),
        "longest_reason": LONGEST_REASON,
        "stale": found.stale,
        "classed_count": sum(1 for one in found.comparison.noted if one.change.override),
    }


def _fetch_content(*versions: Version) -> None:
    """Their contents, fetched at once and not one by one."""
    wanted = Version.objects.filter(pk__in=[one.pk for one in versions])
    contents = dict(wanted.values_list("pk", "content"))
    for one in versions:
        one.content = contents[one.pk]


def _days(version: Version) -> tuple[date | None, date | None]:
    return (first_day(version), last_day(version)) if version.is_frozen else (None, None)


def _day(version: Version, today: date) -> date:
    """By which day its codes are described: its first in effect, else that of its publication; a
    draft's by the day that its text states, else today."""
    if not version.is_frozen:
        return version.effective_stated or today
    published = timezone.localtime(version.publication.published_at).date()
    return first_day(version) or published


def _rules() -> list[tuple[Effect, list[str]]]:
    rules = rules_in_words()
    return [(effect, [words for it, words in rules if it == effect]) for effect in Effect]


def _has_cpt(compared: Comparison) -> bool:
    groups = (*compared.before.document.code_groups, *compared.after.document.code_groups)
    return any(group.system == "CPT" for group in groups)


def _not_a_pair(
    request: HttpRequest,
    versions: Sequence[Version],
    before: int,
    after: int,
    *,
    number: str = "",
) -> HttpResponse:
    """Status 404, with the pairs that there are."""
    if not versions:
        return unknown(request, number)
    ordinals = [one.ordinal for one in versions]
    context = {
        "bulletin": versions[0].bulletin,
        "before": before,
        "after": after,
        "missing": [one for one in dict.fromkeys((before, after)) if one not in ordinals],
        "ordinals": ordinals,
        "pairs": list(pairwise(ordinals)),
    }
    return render(request, "policies/compare_unknown.html", context, status=404)
