"""What a release changed in its own system, as `load_codes` has stored it: codes that ended since
the release before it, codes that it is the first to describe, and other words for a code."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from policies.models import Code, Descriptor, Release, ReleaseFinding

Kind = ReleaseFinding.Kind
_DAY = timedelta(days=1)
_SHOWN = 12  # codes below a header, in a sentence


@dataclass(frozen=True, slots=True)
class Change:
    """One code that a release touched, with the words for it before and after."""

    kind: ReleaseFinding.Kind
    key: str
    display: str
    is_billable: bool  # after the release; a code that ended: before it
    before: str = ""
    after: str = ""


def changes_of(release: Release, earlier: Release) -> list[Change]:
    """Every change since the release before it. Four queries."""
    return list(_Changes(release, earlier.valid_from))


class _Changes:
    def __init__(self, release: Release, since: date) -> None:
        self.release = release
        last_day = release.valid_from - _DAY
        rows = Code.objects.filter(system=release.system)
        ended = rows.filter(valid_to__range=(since, last_day)).select_related("successor")
        self.ended = list(ended)
        stated = Descriptor.objects.filter(release=release).select_related("code")
        self.said = {one.code_id: one for one in stated}
        keys = {one.key for one in self.ended} | {one.code.key for one in self.said.values()}
        self.rows: defaultdict[str, list[Code]] = defaultdict(list)
        for row in rows.filter(key__in=keys):
            self.rows[row.key].append(row)
        self.said_before = self._said_before(row for some in self.rows.values() for row in some)
        self.born = [
            one.code
            for one in self.said.values()
            if one.code_id not in self.said_before and _goes_on(one.code, release.valid_from)
        ]

    def __iter__(self) -> Iterator[Change]:
        yield from self._deleted()
        yield from self._born()
        yield from self._revised()

    def _said_before(self, rows: Iterable[Code]) -> dict[int, Descriptor]:
        """The last descriptor of each row that another release gave it."""
        others = Descriptor.objects.filter(code__in=[row.pk for row in rows])
        in_order = others.exclude(release=self.release).order_by("release__valid_from")
        return {one.code_id: one for one in in_order.select_related("release")}

    def _deleted(self) -> Iterator[Change]:
        for code in self.ended:
            if self._beside(code, begins=code.valid_to) is None:
                after = f"Not valid after {code.valid_to}."
                if code.successor and code.successor.key != code.key:
                    after += f" {code.successor.display} takes its place."
                words = _words(self.said_before.get(code.pk))
                yield Change(Kind.DELETED, code.key, code.display, code.is_billable, words, after)

    def _born(self) -> Iterator[Change]:
        """New codes, headers that may be billed now, and codes that have become headers."""
        for code in self.born:
            was = self._beside(code, ends=code.valid_from)
            words = _words(self.said[code.pk])
            told: tuple[ReleaseFinding.Kind, str, str]
            if was is None:
                told = (Kind.NEW_IN_RANGE, "", words)
            elif was.is_billable == code.is_billable:
                continue
            elif code.is_billable:
                header = "A header, too general to be billed."
                told = (Kind.BECAME_BILLABLE, header, f"Billable: {words}")
            else:
                below = self._below(code.key)
                told = (Kind.BECAME_HEADER, f"Billable: {words}", f"A header now. {below}")
            kind, *sides = told
            yield Change(kind, code.key, code.display, code.is_billable, *sides)

    def _beside(
        self, code: Code, *, begins: date | None = None, ends: date | None = None
    ) -> Code | None:
        """Another row of the code that begins where this one ends, or ends where it begins."""
        for row in self.rows[code.key]:
            if begins and row.valid_from == begins + _DAY:
                return row
            if ends and row.valid_to == ends - _DAY:
                return row
        return None

    def _below(self, header: str) -> str:
        """The new codes that take the place of a code that became their header."""
        below = sorted(
            one.display
            for one in self.born
            if one.key != header and one.key.startswith(header) and one.is_billable
        )
        if not below:
            return "The release has no billable code below it."
        more = f" and {len(below) - _SHOWN} more" if len(below) > _SHOWN else ""
        return f"To be billed instead: {', '.join(below[:_SHOWN])}{more}."

    def _revised(self) -> Iterator[Change]:
        """Descriptors that say something else than before, in words of the same author."""
        for stated in self.said.values():
            code = stated.code
            before = self.said_before.get(code.pk)
            if before is None and (was := self._beside(code, ends=code.valid_from)):
                before = self.said_before.get(was.pk)
            if before is None or before.release.is_own_wording != self.release.is_own_wording:
                continue
            if words := _differing(before, stated):
                yield Change(Kind.REVISED, code.key, code.display, code.is_billable, *words)


def _goes_on(code: Code, first: date) -> bool:
    return code.valid_to is None or code.valid_to >= first


def _words(descriptor: Descriptor | None) -> str:
    return str(descriptor) if descriptor else "No descriptor is loaded."


def _differing(before: Descriptor, after: Descriptor) -> tuple[str, str] | None:
    """The longest words that both have, where they differ by more than case and spaces."""
    pairs = [(before.long, after.long), (before.short, after.short)]
    for old, new in pairs:
        if old and new and _plain(old) != _plain(new):
            return old, new
    return None


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())
