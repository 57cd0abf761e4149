"""What the bulletins say of a code on a day, alone or together with diagnoses.

Every published version that names the code is found, also those that state no effective date: they
are among the hits, and `Hit.standing` says so. What is not yet or no longer in effect becomes a
note. A fixed number of queries, however many hits there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from policies.effective_bases import Bases
from policies.models import Code, CodeGroup, CodeRow, CodeSpan, Version
from policies.reading import codes, document
from policies.reading.codes import Membership
from policies.resolver import Governing, Occasion, governing_versions, period
from policies.spelling import read_code, similar_codes

ICD_10_CM = "ICD-10-CM"
OPEN_LIST = "An open list does not make an unlisted code covered."
# What is read of a hit, of a hundred columns: a code can have hundreds of hits.
_SHOWN = (
    "system", "low", "high", "is_add_on", "has_seventh_character", "position", "row", "version",
    "row__position", "row__description", "row__full_description", "row__brackets", "row__group",
    "row__group__heading", "row__group__stance", "row__group__scope", "row__group__is_open_list",
    "version__ordinal", "version__title", "version__bulletin", "version__bulletin__number",
    "version__bulletin__title", "version__bulletin__effective_basis",
    "version__publication__version", "version__publication__effective_from",
    "version__publication__ended_on",
)  # fmt: skip
_STRENGTH = {Membership.EXACT: 0, Membership.RANGE: 1, Membership.PARTLY: 2}


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a version's code table that names the code; `asked` is the code's display."""

    version: Version
    group: CodeGroup
    row: CodeRow
    span: CodeSpan
    membership: Membership
    asked: str

    @property
    def sentence(self) -> str:
        """How it matched: "exact code", "in range S00.00X+ - T88.9XX+"."""
        if self.membership is Membership.EXACT:
            return "exact code"
        if self.membership is Membership.PARTLY:
            return f"partly inside {self.span.printed}"
        is_range = self.span.low != self.span.high
        return f"in range {self.span.printed}" if is_range else f"under {self.span.printed}"

    @property
    def standing(self) -> str:
        """When the version is in effect: "is in effect from 2026-01-01"."""
        return period(self.version.publication)


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
    undated: tuple[str, ...]  # versions among the hits that state no effective date
    not_yet: tuple[str, ...]
    ended: tuple[str, ...]
    absence: str  # what it means not to be named; empty where nothing is to be said
    spelling: str  # how the code was read, where that is not as typed
    suggestions: tuple[str, ...]  # known codes, where this one is unknown

    @property
    def notes(self) -> tuple[str, ...]:
        return self.undated + self.not_yet + self.ended


@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """What one bulletin says of a code and of the diagnoses that go with it."""

    governing: Governing
    code_hits: tuple[Hit, ...]
    diagnosis_hits: tuple[Hit, ...]


def look_up(
    code: str,
    *,
    on: date,
    line_of_business: str | None = None,
    jurisdiction: str | None = None,
    system: str | None = None,
) -> Answer:
    """Who names a code on a day. `system` settles what a key means that several systems use."""
    typed = read_code(code)
    known = _known(typed.key, on)
    possible = (system,) if system else codes.systems_of(typed.key)
    spans = _spans([typed.key], possible)
    if line_of_business or jurisdiction:
        spans = spans.filter(version__in=_meant_for(line_of_business, jurisdiction))
    found = _hits(typed.key, spans)
    systems = (system,) if system else _systems(typed.key, code, known, found)
    found = [hit for hit in found if hit.span.system in systems]
    chosen = next((one for one in known if one.system in systems), None)
    display = chosen.display if chosen else _display(typed.key, systems)
    hits, notes = _by_day(found, on)
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
        undated=tuple(notes["undated"]),
        not_yet=tuple(notes["not_yet"]),
        ended=tuple(notes["ended"]),
        absence=_absence(display, systems, hits, on),
        spelling=typed.note,
        suggestions=similar_codes(typed.key) if is_unknown else (),
    )


def look_up_pair(
    *,
    code: str,
    diagnoses: Sequence[str],
    occasion: Occasion,
    bases: Bases | None = None,
) -> tuple[PolicyAnswer, ...]:
    """The bulletins that name the code, those that name a diagnosis too first. Four queries, three
    where `bases` are the `line_bases()` that the caller has already.

    Where no version governs because something is not stated, the hits are those of the versions
    that may; `governing` says what is missing.
    """
    by_code = naming(code)
    bulletins = {hit.version.bulletin_id: hit.version.bulletin for hit in by_code}
    asked = governing_versions(bulletins.values(), occasion, bases=bases)
    versions = {pk for governing in asked for pk in _version_ids(governing)}
    keys = [read_code(one).key for one in diagnoses]
    spans = list(_spans(keys, [ICD_10_CM]).filter(version__in=versions)) if keys else []
    by_diagnosis = [hit for one in keys for hit in _hits(one, spans)]
    answers = []
    for governing in asked:
        wanted = _version_ids(governing)
        code_hits = tuple(hit for hit in by_code if hit.version.pk in wanted)
        others = tuple(hit for hit in by_diagnosis if hit.version.pk in wanted)
        if code_hits:
            answers.append(PolicyAnswer(governing, code_hits, others))
    return tuple(sorted(answers, key=_weakness))


def naming(code: str) -> list[Hit]:
    """Every place in a published version that names a code, whenever it is in effect; one query.

    A key that is also a diagnosis is read as the service.
    """
    key = read_code(code).key
    possible = codes.systems_of(key)
    systems = [one for one in possible if one != ICD_10_CM] or possible
    return _hits(key, _spans([key], systems))


def descriptor_on(code: Code, on: date) -> str:
    """What a code meant on a day: by the last release until then, else by the first."""
    releases = sorted(code.descriptors.all(), key=lambda one: one.release.valid_from)
    until = [one for one in releases if one.release.valid_from <= on]
    chosen = until[-1:] or releases[:1]
    return str(chosen[0]) if chosen else ""


def _known(key: str, on: date) -> list[Code]:
    """The codes with this key, a system once: the one valid on the day, else the newest."""
    stored = Code.objects.filter(key=key).described()
    by_system: dict[str, Code] = {}
    for code in stored.order_by("system", "valid_from"):
        is_valid = code.valid_from <= on and (code.valid_to is None or on <= code.valid_to)
        if is_valid or code.system not in by_system:
            by_system[code.system] = code
    return list(by_system.values())


def _spans(keys: Sequence[str], systems: Sequence[str]) -> QuerySet[CodeSpan]:
    """Spans of published versions that may hold one of the keys, with what is shown of them."""
    return (
        CodeSpan.objects.naming(*keys)
        .filter(system__in=systems, version__status=Version.Status.PUBLISHED)
        .select_related("row__group", "version__bulletin", "version__publication")
        .only(*_SHOWN)
        .order_by("version__bulletin__number", "version__ordinal", "position")
    )


def _meant_for(line_of_business: str | None, jurisdiction: str | None) -> QuerySet[Version]:
    versions = Version.objects.published()
    if line_of_business:
        versions = versions.for_line_of_business(line_of_business)
    if jurisdiction:
        versions = versions.for_jurisdiction(jurisdiction)
    return versions


def _hits(key: str, spans: Iterable[CodeSpan]) -> list[Hit]:
    made = []
    systems = codes.systems_of(key)
    for span in spans:
        if span.system not in systems:
            continue
        printed = document.CodeSpan(span.low, span.high, span.is_add_on, span.has_seventh_character)
        membership = codes.membership(key, printed)
        if membership is not Membership.OUTSIDE:
            display = _display(key, (span.system,))
            made.append(Hit(span.version, span.row.group, span.row, span, membership, display))
    return made


def _systems(key: str, typed: str, known: Sequence[Code], hits: Sequence[Hit]) -> tuple[str, ...]:
    """What the key can mean: by its dot, by the loaded codes, by a table that lists it."""
    possible = codes.systems_of(key)
    if "." in typed.strip(". "):
        return tuple(one for one in possible if one == ICD_10_CM)
    listed = {hit.span.system for hit in hits if hit.membership is Membership.EXACT}
    certain = {one.system for one in known} | listed
    return tuple(one for one in possible if one in certain) or possible


def _display(key: str, systems: Sequence[str]) -> str:
    return codes.dotted(key) if tuple(systems) == (ICD_10_CM,) else key


def _by_day(found: Sequence[Hit], on: date) -> tuple[list[Hit], dict[str, list[str]]]:
    """The hits of versions in effect or undated, and a sentence for each version of the others."""
    hits = []
    notes: dict[str, list[str]] = {"undated": [], "not_yet": [], "ended": []}
    told: set[int] = set()
    for hit in found:
        publication = hit.version.publication
        start, ended_on = publication.effective_from, publication.ended_on
        is_over = ended_on is not None and on >= ended_on
        is_to_come = start is not None and on < start
        if not is_over and not is_to_come:
            hits.append(hit)
        if hit.version.pk in told or (start and not is_over and not is_to_come):
            continue
        told.add(hit.version.pk)
        name = f"{hit.version.bulletin.number} version {hit.version.ordinal}"
        if start is not None and start == ended_on:
            notes["ended"].append(f"{name} names it too; it was withdrawn before it took effect.")
        elif is_over:
            notes["ended"].append(f"{name} names it too; it {_past(hit)}.")
        elif is_to_come:
            notes["not_yet"].append(f"{name} names it too; it takes effect on {start}.")
        else:
            notes["undated"].append(
                f"{name} {period(publication)}: whether it governs on {on} is not stated."
            )
    return hits, notes


def _past(hit: Hit) -> str:
    said = period(hit.version.publication)
    return said.replace("is in effect", "was in effect").replace("goes on", "went on")


def _absence(display: str, systems: Sequence[str], hits: Sequence[Hit], on: date) -> str:
    if not systems:
        return f"“{display}” is not written like a code of any system: check its characters."
    groups = CodeGroup.objects.filter(system__in=[*systems, "other"], is_open_list=True)
    in_effect = Version.objects.in_effect(on) | Version.objects.undated()
    has_open_lists = groups.filter(version__in=in_effect).exists()
    said = []
    if not hits:
        said.append(
            f"No bulletin in effect on {on} names {' or '.join(systems)} {display}. That alone "
            "makes it neither covered nor not covered."
        )
    if has_open_lists:
        said.append(f"Some lists name only examples. {OPEN_LIST}")
    return " ".join(said)


def _version_ids(governing: Governing) -> set[int]:
    if governing.version is not None:
        return {governing.version.pk}
    return {miss.version.pk for miss in governing.near_misses if miss.is_possible}


def _weakness(answer: PolicyAnswer) -> tuple[bool, bool, int, int, str]:
    """Sorts strongest first: both named, a version that governs, then how exactly."""
    return (
        not answer.diagnosis_hits,
        answer.governing.version is None,
        min(_STRENGTH[hit.membership] for hit in answer.code_hits),
        min((_STRENGTH[hit.membership] for hit in answer.diagnosis_hits), default=3),
        answer.governing.bulletin.number,
    )
