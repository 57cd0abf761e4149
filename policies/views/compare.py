"""Two versions of a bulletin side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.comparison import (
    Comparison,
    Effect,
    Noted,
    Part,
    compare,
    editions_of,
    rules_in_words,
)
from policies.comparison.parts import row_id
from policies.comparison.statements import Row
from policies.models import Version
from policies.views.bulletins import reads_library
from policies.views.shown import first_day, last_day
from policies.views.unknown import unknown
from policies.views.versions import versions_of

FATES = {"kept": "as before", "logic": "logic changed", "edited": "in the same words"}
# The stylesheet draws four fates; the others are ways of being reworded.
DRAWN = {"new": "new", "gone": "gone", "kept": "kept", "edited": "kept"}
SHORT = 120  # characters: a lone passage no longer than that is shown although it is as before


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with what the template needs of it."""

    row: Row
    id: str
    css: str
    fate: str
    absent: str


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows in a run: one that changed, or several that are as before."""

    rows: tuple[Shown, ...]
    is_folded: bool

    @property
    def extent(self) -> str:
        places = [one.row.places[1] for one in self.rows]
        count = f"{len(places)} as before"
        return (
            f"{count}: {places[0]} to {places[-1]}" if len(places) > 1 else f"{count}: {places[0]}"
        )


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of the summary, for every place of a part that it holds for."""

    sentence: str
    part: Part
    places: tuple[Noted, ...]


@require_safe
@reads_library
def version_compare(request: HttpRequest, number: str, before: int, after: int) -> HttpResponse:
    """The text word by word, the criteria by lineage, the codes by their ranges."""
    versions = {one.ordinal: one for one in versions_of(number, request.user)}
    if not versions:
        return unknown(request, number)
    if before not in versions or after not in versions or before >= after:
        return _not_a_pair(request, list(versions.values()), before, after)
    old, new = _with_content(versions[before], versions[after])
    compared = compare(*editions_of(old, new))
    context = {
        "bulletin": new.bulletin,
        "versions": [(one, *_days(one)) for one in (old, new)],
        "new": new,
        "starts_on": first_day(new) if new.is_frozen else None,
        "today": timezone.localdate(),
        "comparison": compared,
        "tally": [(effect, count) for effect, count in compared.counts.items()],
        "told": [(effect, _told(compared.of(effect))) for effect in Effect],
        "parts": [(part, _folds(part)) for part in compared.parts],
        "rules": _rules(),
        "has_cpt": _has_cpt(compared),
    }
    return render(request, "policies/version_compare.html", context)


def _with_content(*versions: Version) -> list[Version]:
    """The same versions, their contents fetched at once and not one by one."""
    wanted = Version.objects.filter(pk__in=[one.pk for one in versions])
    contents = dict(wanted.values_list("pk", "content"))
    for one in versions:
        one.content = contents[one.pk]
    return list(versions)


def _days(version: Version) -> tuple[object, object]:
    return (first_day(version), last_day(version)) if version.is_frozen else (None, None)


def _told(noted: Sequence[Noted]) -> list[Told]:
    """The changes of one class, those of a part with the same sentence together."""
    places: dict[tuple[str, str], list[Noted]] = {}
    for one in noted:
        places.setdefault((one.part.anchor, one.change.words), []).append(one)
    return [Told(words, some[0].part, tuple(some)) for (_, words), some in places.items()]


def _folds(part: Part) -> list[Fold]:
    """The rows of a part; what is as before is folded where it is long or many."""
    made = []
    for is_kept, group in groupby(
        part.rows, key=lambda row: row.fate == "kept" and not row.changes
    ):
        rows = [_shown(row) for row in group]
        if not is_kept:
            made += [Fold((one,), is_folded=False) for one in rows]
            continue
        length = sum(len(run.text) for one in rows for side in one.row.after for run in side)
        made.append(Fold(tuple(rows), is_folded=len(rows) > 1 or length > SHORT))
    return made


def _shown(row: Row) -> Shown:
    is_criterion = row.kind == "item" and row.is_criterion
    noun = "criterion" if is_criterion else {"paragraph": "passage"}.get(row.kind, row.kind)
    return Shown(
        row=row,
        id=row_id(row),
        css=DRAWN.get(row.fate, "reworded"),
        fate=FATES.get(row.fate, row.fate),
        absent=f"No such {noun}.",
    )


def _rules() -> list[tuple[Effect, list[str]]]:
    rules = rules_in_words()
    return [(effect, [words for it, words in rules if it == effect]) for effect in Effect]


def _has_cpt(compared: Comparison) -> bool:
    groups = (*compared.before.document.code_groups, *compared.after.document.code_groups)
    return any(group.system == "CPT" for group in groups)


def _not_a_pair(
    request: HttpRequest, versions: Sequence[Version], before: int, after: int
) -> HttpResponse:
    """Status 404, with the pairs that there are."""
    ordinals = [one.ordinal for one in versions]
    context = {
        "bulletin": versions[0].bulletin,
        "before": before,
        "after": after,
        "missing": [one for one in dict.fromkeys((before, after)) if one not in ordinals],
        "is_same": before == after,
        "ordinals": ordinals,
        "pairs": list(pairwise(ordinals)),
    }
    return render(request, "policies/compare_unknown.html", context, status=404)
