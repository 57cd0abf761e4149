"""Add-on codes that a version lists without naming any of their primary codes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import Q

from policies.models import AddOnEdit, AddOnFile, Release, ReleaseFinding, System
from policies.release_board.changes import Change
from policies.release_board.named import Named, named

Kind = ReleaseFinding.Kind
_SHOWN = 12  # primary codes, in a sentence


class Primaries:
    """The primary codes of every add-on code, by the newest file of each program. Two queries."""

    def __init__(self, on: date) -> None:
        newest = AddOnFile.objects.order_by("program", "-valid_from", "-pk").distinct("program")
        files = {one.pk: str(one) for one in newest}
        not_ended = Q(effective_to__isnull=True) | Q(effective_to__gte=on)
        edits = AddOnEdit.objects.filter(not_ended, file__in=files, effective_from__lte=on).exclude(
            primary=""
        )
        self.of: defaultdict[str, set[str]] = defaultdict(set)
        self._files: defaultdict[str, set[str]] = defaultdict(set)
        self._has_more: set[str] = set()
        for file, add_on, primary, kind in edits.values_list(
            "file_id", "add_on", "primary", "kind"
        ):
            self.of[add_on].add(primary)
            self._files[add_on].add(files[file])
            if kind == AddOnEdit.Kind.LISTED_AND_MORE:
                self._has_more.add(add_on)

    def in_words(self, add_on: str) -> str:
        some = sorted(self.of[add_on])
        more = f" and {len(some) - _SHOWN} more" if len(some) > _SHOWN else ""
        payer = ", or another that the payer names" if add_on in self._has_more else ""
        files = "; ".join(sorted(self._files[add_on]))
        return f"Goes with {', '.join(some[:_SHOWN])}{more}{payer}. None is named. ({files})"


def alone(
    release: Release, versions: Mapping[int, int], *, on: date
) -> Iterator[tuple[Named, Change]]:
    """Add-on codes of the release's system whose version names none of the primary codes they have
    on the day, unless that was found of the version already. Five queries at most."""
    primaries = Primaries(on)
    if not primaries.of:
        return
    known = set(
        ReleaseFinding.objects.filter(kind=Kind.ADD_ON_ALONE, version__in=versions).values_list(
            "version_id", "row_position", "code"
        )
    )
    by_version: defaultdict[int, list[tuple[System, Named]]] = defaultdict(list)
    for system in (System.CPT, System.HCPCS):
        for place in named(system, versions):
            by_version[place.version].append((system, place))
    for places in by_version.values():
        keys = _Keys([place for _, place in places])
        for its_system, place in places:
            code = place.lower
            if (
                its_system == release.system
                and place.is_single
                and code in primaries.of
                and (place.version, place.row, code) not in known
                and not any(keys.name(primary) for primary in primaries.of[code])
            ):
                words = primaries.in_words(code)
                yield place, Change(Kind.ADD_ON_ALONE, code, code, True, "", words)


class _Keys:
    """What one version names, to be asked for single codes."""

    def __init__(self, places: list[Named]) -> None:
        self._single = {place.lower for place in places if place.is_single}
        self._ranges = [place for place in places if not place.is_single]

    def name(self, key: str) -> bool:
        return key in self._single or any(place.holds(key) for place in self._ranges)
