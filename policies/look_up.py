"""What the bulletins say of a code on a day, alone or together with diagnoses.

Every published version that names the code is found, also those that state no effective date: they
are among the hits, and `Hit.standing` says so. What is not yet or no longer in effect becomes a
note. A fixed number of queries, however many hits there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import DateField, Q, QuerySet, TextField

from policies.hits import Hit as Hit
from policies.hits import displayed, hits_naming, hits_of, spans_of
from policies.models import Code, CodeGroup, System, Version
from policies.prepared import Prepared, Slot
from policies.reading import codes
from policies.reading.codes import Membership
from policies.spelling import read_code, similar_codes

ICD_10_CM = "ICD-10-CM"
OPEN_LIST = "An open list does not make an unlisted code covered."


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that is said of a code on a day. Notes are whole sentences."""

    typed: str
    key: str
    display: str
    systems: tuple[str, ...]
    code: Code | None
    descriptor: str
    on: date
    hits: tuple[Hit, ...]
    elsewhen: tuple[Hit, ...]  # of versions that are not yet or no longer in effect
    undated: tuple[str, ...]  # versions among the hits that state no effective date
    not_yet: tuple[str, ...]
    ended: tuple[str, ...]
    absence: str  # what it means not to be named; empty where nothing is to be said
    spelling: str  # how the code was read, where that is not as typed
    suggestions: tuple[str, ...]  # known codes, where this one is unknown

    @property
    def notes(self) -> tuple[str, ...]:
        return self.undated + self.not_yet + self.ended


def look_up(
    code: str,
    *,
    on: date,
    line_of_business: str | None = None,
    jurisdiction: str | None = None,
    system: str | None = None,
    rows: Iterable[Code] | None = None,
) -> Answer:
    """Who names a code on a day. `system` settles what a key means that several systems use.

    `rows` are those of the code with their descriptors, where the caller has read them already.
    """
    typed = read_code(code)
    known = _known(typed.key, on, rows)
    possible = (system,) if system else codes.systems_of(typed.key)
    if line_of_business or jurisdiction:
        spans = spans_of([typed.key], possible)
        meant = _meant_for(line_of_business, jurisdiction)
        found = hits_of(typed.key, spans.filter(version__in=meant))
    else:
        found = hits_naming(typed.key, possible)
    systems = (system,) if system else _systems(typed.key, code, known, found)
    found = [hit for hit in found if hit.facts.system in systems]
    chosen = next((one for one in known if one.system in systems), None)
    display = chosen.display if chosen else displayed(typed.key, systems)
    hits, notes = _by_day(found, on)
    shown = {hit.facts.span_id for hit in hits}
    is_unknown = chosen is None and not found
    return Answer(
        typed=code,
        key=typed.key,
        display=display,
        systems=systems,
        code=chosen,
        descriptor=descriptor_on(chosen, on) if chosen else "",
        on=on,
        hits=tuple(hits),
        elsewhen=tuple(hit for hit in found if hit.facts.span_id not in shown),
        undated=tuple(notes["undated"]),
        not_yet=tuple(notes["not_yet"]),
        ended=tuple(notes["ended"]),
        absence=_absence(display, systems, hits, on),
        spelling=typed.note,
        suggestions=similar_codes(typed.key) if is_unknown else (),
    )


def naming(code: str) -> list[Hit]:
    """Every place in a published version that names a code, whenever it is in effect; two queries.

    A key that is also a diagnosis is read as the service.
    """
    key = read_code(code).key
    return hits_naming(key, services_of(key))


def services_of(key: str) -> Sequence[str]:
    """The systems of a key; one that is also a diagnosis is read as the service."""
    possible = codes.systems_of(key)
    return [one for one in possible if one != ICD_10_CM] or possible


def descriptor_on(code: Code, on: date) -> str:
    """What a code meant on a day: by the last release until then, else by the first."""
    releases = sorted(code.descriptors.all(), key=lambda one: one.release.valid_from)
    until = [one for one in releases if one.release.valid_from <= on]
    chosen = until[-1:] or releases[:1]
    return str(chosen[0]) if chosen else ""


def _known(key: str, on: date, rows: Iterable[Code] | None) -> list[Code]:
    """The codes with this key, a system once: the one valid on the day, else the newest."""
    stored = Code.objects.filter(key=key).described() if rows is None else rows
    by_system: dict[str, Code] = {}
    for code in sorted(stored, key=lambda one: (one.system, one.valid_from)):
        is_valid = code.valid_from <= on and (code.valid_to is None or on <= code.valid_to)
        if is_valid or code.system not in by_system:
            by_system[code.system] = code
    return list(by_system.values())


def _meant_for(line_of_business: str | None, jurisdiction: str | None) -> QuerySet[Version]:
    versions = Version.objects.published()
    if line_of_business:
        versions = versions.for_line_of_business(line_of_business)
    if jurisdiction:
        versions = versions.for_jurisdiction(jurisdiction)
    return versions


def _systems(key: str, typed: str, known: Sequence[Code], hits: Sequence[Hit]) -> tuple[str, ...]:
    """What the key can mean: by its dot, by the loaded codes, by a table that lists it."""
    possible = codes.systems_of(key)
    if "." in typed.strip(". "):
        return tuple(one for one in possible if one == ICD_10_CM)
    listed = {hit.facts.system for hit in hits if hit.membership is Membership.EXACT}
    certain = {one.system for one in known} | listed
    return tuple(one for one in possible if one in certain) or possible


def _by_day(found: Sequence[Hit], on: date) -> tuple[list[Hit], dict[str, list[str]]]:
    """The hits of versions in effect or undated, and a sentence for each version of the others."""
    hits = []
    notes: dict[str, list[str]] = {"undated": [], "not_yet": [], "ended": []}
    told: set[int] = set()
    for hit in found:
        start, ended_on = hit.facts.effective_from, hit.facts.ended_on
        is_over = ended_on is not None and on >= ended_on
        is_to_come = start is not None and on < start
        if not is_over and not is_to_come:
            hits.append(hit)
        if hit.facts.version_id in told or (start and not is_over and not is_to_come):
            continue
        told.add(hit.facts.version_id)
        name = f"{hit.facts.number} version {hit.facts.ordinal}"
        if start is not None and start == ended_on:
            notes["ended"].append(f"{name} names it too; it was withdrawn before it took effect.")
        elif is_over:
            notes["ended"].append(f"{name} names it too; it {_past(hit)}.")
        elif is_to_come:
            notes["not_yet"].append(f"{name} names it too; it takes effect on {start}.")
        else:
            notes["undated"].append(
                f"{name} {hit.standing}: whether it governs on {on} is not stated."
            )
    return hits, notes


def _past(hit: Hit) -> str:
    return hit.standing.replace("is in effect", "was in effect").replace("goes on", "went on")


def _absence(display: str, systems: Sequence[str], hits: Sequence[Hit], on: date) -> str:
    if not systems:
        return f"“{display}” is not written like a code of any system: check its characters."
    within = {f"system_{at}": one for at, one in enumerate([*systems, System.OTHER])}
    has_open_lists = _open_lists(len(within)).ask(on=on, **within)
    said = []
    if not hits:
        said.append(
            f"No bulletin in effect on {on} names {' or '.join(systems)} {display}. That alone "
            "makes it neither covered nor not covered."
        )
    if has_open_lists:
        said.append(f"Some lists name only examples. {OPEN_LIST}")
    return " ".join(said)


@cache
def _open_lists(systems: int) -> Prepared:
    """An open list of one of so many systems, in a version that is in effect or undated."""
    within = [Slot(f"system_{at}", TextField()) for at in range(systems)]
    on, start, end = Slot("on", DateField()), "publication__effective_from", "publication__ended_on"
    goes_on = Q((f"version__{end}__isnull", True))
    # By its bounds, not by `effective`: for what a range holds the database keeps no plan.
    in_effect = Q((f"version__{start}__lte", on)) & (goes_on | Q((f"version__{end}__gt", on)))
    undated = Q((f"version__{start}__isnull", True)) & goes_on
    groups = CodeGroup.objects.filter(is_open_list=True, system__in=within)
    published = groups.filter(in_effect | undated, version__status=Version.Status.PUBLISHED)
    return Prepared(published.order_by().values_list("pk")[:1])
