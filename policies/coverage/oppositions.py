"""Codes of which two bulletins say opposite things: covered in one, not covered in another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from policies.models import CodeGroup, CodeSpan, Stance, System, Version
from policies.stages import current

COVERED = (Stance.COVERED, Stance.COVERED_IF_CRITERIA_MET)
REFUSED = (Stance.NOT_COVERED, Stance.EXPERIMENTAL)
MOST = 50_000  # pairs of places that are looked at


class Place(NamedTuple):
    """A code or range of a version, with the group and the notes of its row."""

    system: str
    lower: str
    upper: str
    low: str
    high: str
    group: int
    version: int
    bulletin: int
    stance: str
    brackets: list[str]

    @property
    def is_covered(self) -> bool:
        return self.stance in COVERED

    @property
    def is_single(self) -> bool:
        return self.lower == self.upper

    @property
    def printed(self) -> str:
        return self.low if self.low == self.high else f"{self.low} - {self.high}"


@dataclass(slots=True)
class Opposition:
    """Two groups of two bulletins, and the codes that both hold, each with its system."""

    covered: CodeGroup
    refused: CodeGroup
    codes: list[tuple[str, str]] = field(default_factory=list)
    covered_notes: list[str] = field(default_factory=list)
    refused_notes: list[str] = field(default_factory=list)

    @property
    def bulletins(self) -> tuple[int, int]:
        return self.covered.version.bulletin_id, self.refused.version.bulletin_id

    @property
    def apart(self) -> str:
        """Why no request meets both, where that is so."""
        first, second = self.covered.version, self.refused.version
        if _are_apart(first.lines_of_business, second.lines_of_business):
            return "They are for other lines of business."
        if _are_apart(first.jurisdictions, second.jurisdictions):
            return "They are for other states."
        return ""

    @property
    def is_explained(self) -> bool:
        """Whether something printed may say why: subjects, notes, or for whom they are."""
        notes = self.covered_notes or self.refused_notes
        return bool(self.apart or notes or self.covered.scope or self.refused.scope)


def oppositions(on: date, *, of_diagnoses: bool = False) -> tuple[list[Opposition], bool]:
    """Those between versions that hold on the day, first those that nothing printed explains; and
    whether there were too many to look at all. Two queries.

    The stance of a diagnosis is about its bulletin's own services, so it is asked for by itself.
    """
    pairs: defaultdict[tuple[int, int], list[tuple[Place, Place]]] = defaultdict(list)
    seen = 0
    for covered, refused in _opposed(_places(on, of_diagnoses=of_diagnoses)):
        seen += 1
        if seen > MOST:
            break
        pairs[covered.group, refused.group].append((covered, refused))
    related = CodeGroup.objects.select_related("version__bulletin").defer(
        "version__content", "version__source_bytes", "version__not_understood"
    )
    groups = related.in_bulk({pk for key in pairs for pk in key})
    found = [_opposition(groups, *key, some) for key, some in pairs.items()]
    return sorted(found, key=_order), seen > MOST


def _places(on: date, *, of_diagnoses: bool) -> list[Place]:
    spans = CodeSpan.objects.filter(
        version__in=Version.objects.filter(current(on)), row__group__stance__in=COVERED + REFUSED
    )
    diagnoses = {"system": System.ICD_10_CM}
    spans = spans.filter(**diagnoses) if of_diagnoses else spans.exclude(**diagnoses)
    rows = spans.order_by("system", "lower", "position").values_list(
        "system", "lower", "upper", "low", "high", "row__group", "version", "version__bulletin",
        "row__group__stance", "row__brackets",
    )  # fmt: skip
    return [Place(*row) for row in rows]


def _opposed(places: Iterable[Place]) -> Iterator[tuple[Place, Place]]:
    """Every two that overlap in two bulletins with opposite stances, the covered one first.

    `places` come by system and lower bound: one that has ended meets none of those to come.
    """
    system = ""
    reaching: dict[bool, list[Place]] = {True: [], False: []}
    for place in places:
        if place.system != system:
            system, reaching = place.system, {True: [], False: []}
        opposite = [one for one in reaching[not place.is_covered] if one.upper >= place.lower]
        reaching[not place.is_covered] = opposite
        for other in opposite:
            if other.bulletin != place.bulletin:
                yield (place, other) if place.is_covered else (other, place)
        reaching[place.is_covered].append(place)


def _opposition(
    groups: dict[int, CodeGroup], covered: int, refused: int, pairs: list[tuple[Place, Place]]
) -> Opposition:
    found = Opposition(groups[covered], groups[refused])
    for one, other in pairs:
        code = (one.system, _shared(one, other))
        if code not in found.codes:
            found.codes.append(code)
        found.covered_notes += [note for note in one.brackets if note not in found.covered_notes]
        found.refused_notes += [note for note in other.brackets if note not in found.refused_notes]
    return found


def _shared(one: Place, other: Place) -> str:
    """The code that both hold; of two ranges both, as printed."""
    if one.is_single or other.is_single:
        return one.printed if one.is_single else other.printed
    return one.printed if one.printed == other.printed else f"{one.printed}; {other.printed}"


def _are_apart(one: list[str], other: list[str]) -> bool:
    """None named means all of them."""
    return bool(one and other) and not set(one) & set(other)


def _order(found: Opposition) -> tuple[bool, str, str]:
    versions = found.covered.version, found.refused.version
    return found.is_explained, versions[0].bulletin.number, versions[1].bulletin.number
