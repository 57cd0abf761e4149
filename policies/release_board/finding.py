"""What a release does to bulletins: its changes held against the codes that versions name."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from django.db import transaction

from policies.imports.rows import insert_rows
from policies.models import AddOnFile, Code, Release, ReleaseFinding, System
from policies.release_board.add_ons import alone
from policies.release_board.changes import Change, changes_of
from policies.release_board.named import Named, named, reached

Kind = ReleaseFinding.Kind
_WITH_ADD_ONS = (System.CPT, System.HCPCS)


@transaction.atomic
def findings_of(release: Release) -> int:
    """Write down what a release does to the bulletins that name its codes; how much was found.

    The first release of a system finds nothing: nothing was before it that it could change.
    """
    earlier = _before(release)
    if earlier is None:
        return 0
    bulletins = reached(release, release.loaded_at)
    found = [*_touched(release, earlier, named(release.system, bulletins))]
    if release.system in _WITH_ADD_ONS:
        found += alone(release, bulletins, on=release.valid_from)
    return _write(release, bulletins, found)


@transaction.atomic
def findings_of_add_ons(file: AddOnFile) -> int:
    """Write down which add-on codes stand alone by a file that comes after the releases, as found
    with the newest of them; how many."""
    newest = Release.objects.filter(system__in=_WITH_ADD_ONS).order_by("system", "-valid_from")
    count = 0
    for release in newest.distinct("system"):
        if _before(release):
            bulletins = reached(release, file.loaded_at)
            on = max(release.valid_from, file.valid_from)
            count += _write(release, bulletins, alone(release, bulletins, on=on))
    return count


def _before(release: Release) -> Release | None:
    of_system = Release.objects.filter(system=release.system, valid_from__lt=release.valid_from)
    return of_system.order_by("-valid_from").first()


def _write(
    release: Release, bulletins: Mapping[int, int], found: Iterable[tuple[Named, Change]]
) -> int:
    rows = {
        (place.version, place.row, place.listed_as, change.kind, change.display): ReleaseFinding(
            release=release,
            bulletin_id=bulletins[place.version],
            version_id=place.version,
            row_position=place.row,
            listed_as=place.listed_as,
            kind=change.kind,
            code=change.display,
            before=change.before,
            after=change.after,
        )
        for place, change in found
    }
    insert_rows(rows.values())
    return len(rows)


class ValidCodes:
    """The codes of a release's system that can be billed once it is valid. One query, if asked."""

    def __init__(self, release: Release) -> None:
        self.release = release

    def is_any_between(self, lower: str, upper: str) -> bool:
        place = bisect_left(self._keys, lower)
        return place < len(self._keys) and self._keys[place] <= upper

    @cached_property
    def _keys(self) -> list[str]:
        valid = Code.objects.valid(self.release.valid_from).filter(system=self.release.system)
        return sorted(valid.filter(is_billable=True).values_list("key", flat=True))


def _touched(
    release: Release, earlier: Release, places: Iterable[Named]
) -> Iterator[tuple[Named, Change]]:
    """Every change with each place that names its code."""
    changes = sorted(changes_of(release, earlier), key=lambda change: change.key)
    keys = [change.key for change in changes]
    valid = ValidCodes(release)
    for place in places:
        first, end = bisect_left(keys, place.lower), bisect_right(keys, place.upper)
        for change in changes[first:end]:
            if _matters(change, place, valid):
                yield place, change


def _matters(change: Change, place: Named, valid: ValidCodes) -> bool:
    """Named by itself, a code matters unless it is new: then it was named ahead of its time.

    Inside a range a code that ended matters when it was the last one; any other change does where
    the code can be billed.
    """
    if place.is_single:
        return change.kind != Kind.NEW_IN_RANGE
    if not place.holds(change.key):
        return False
    if change.kind == Kind.DELETED:
        return not valid.is_any_between(place.lower, place.upper)
    return change.is_billable
