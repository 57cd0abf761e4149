"""The answer for a request: its lines beside its diagnoses, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from policies.answers import coverage
from policies.answers.authorization import authorizations
from policies.answers.documentation import Asked, asked_by, documentation
from policies.answers.model import (
    Answer,
    AskedCode,
    BulletinAnswer,
    Contradiction,
    LineAnswer,
    Said,
)
from policies.answers.pairs import Lists, pair
from policies.answers.stances import between, within
from policies.effective_bases import Bases
from policies.hits import Hit, hits_of, spans_of
from policies.look_up import ICD_10_CM, OPEN_LIST, descriptor_on
from policies.models import Code, CodeGroup
from policies.reading import codes
from policies.reading.codes import Membership
from policies.resolver import Governing, Occasion, governing_versions
from policies.spelling import read_code
from policies.wording import listed

_STRENGTH = {Membership.EXACT: 0, Membership.RANGE: 1, Membership.PARTLY: 2}


def answer_for(
    services: Sequence[str],
    diagnoses: Sequence[str],
    occasion: Occasion,
    *,
    on: date,
    plan: str = "",
    bases: Bases | None = None,
) -> Answer:
    """Every service beside every diagnosis; with diagnoses alone, each of them by itself.

    `on` is the day whose descriptors are read where no day of service is stated. Codes are as
    typed; which is a service and which a diagnosis the caller says (`read_pasted`).
    """
    day = occasion.service_on or on
    asked = [(one, False) for one in services] or [(one, True) for one in diagnoses]
    beside = diagnoses if services else ()
    known = _known([*services, *diagnoses])
    lines = [_asked(typed, day, known, is_diagnosis=is_one) for typed, is_one in asked]
    others = [_asked(typed, day, known, is_diagnosis=True) for typed in beside]
    found = _found(lines, others, occasion, bases)
    needed = authorizations(lines, occasion, plan=plan, is_for_diagnoses=not services)
    answers = [
        _line(one, others, found, said, is_diagnosis=not services)
        for one, said in zip(lines, needed, strict=True)
    ]
    return Answer(occasion, tuple(others), tuple(answers), plan)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the database holds for the whole question. Hits are by key, lists by version."""

    hits: dict[str, list[Hit]]
    beside: dict[str, list[Hit]]
    governing: dict[int, Governing]
    lists: dict[int, list[CodeGroup]]
    asked: dict[int, Asked]


def _found(
    lines: Sequence[AskedCode],
    diagnoses: Sequence[AskedCode],
    occasion: Occasion,
    bases: Bases | None,
) -> _Found:
    systems = sorted({system for one in lines for system in one.systems})
    spans = list(spans_of([one.key for one in lines], systems)) if systems else []
    hits = {one.key: [hit for hit in hits_of(one.key, spans) if hit.facts.system in one.systems]
            for one in lines}  # fmt: skip
    named = {hit.facts.bulletin_id: hit for of in hits.values() for hit in of}
    bulletins = [hit.version.bulletin for hit in named.values()]
    governing = {
        one.bulletin.pk: one for one in governing_versions(bulletins, occasion, bases=bases)
    }
    versions = {pk for one in governing.values() for pk in _version_ids(one)}
    keys = [one.key for one in diagnoses]
    others = list(spans_of(keys, [ICD_10_CM]).filter(version__in=versions)) if keys else []
    lists: dict[int, list[CodeGroup]] = defaultdict(list)
    groups = CodeGroup.objects.filter(version__in=versions, system=ICD_10_CM) if keys else ()
    for group in groups:
        lists[group.version_id].append(group)
    return _Found(
        hits=hits,
        beside={key: hits_of(key, others) for key in keys},
        governing=governing,
        lists=lists,
        asked=asked_by({one.version.pk for one in governing.values() if one.version}),
    )


def _line(
    line: AskedCode,
    diagnoses: Sequence[AskedCode],
    found: _Found,
    authorization: Said,
    *,
    is_diagnosis: bool,
) -> LineAnswer:
    by_bulletin: dict[int, list[Hit]] = defaultdict(list)
    for hit in found.hits[line.key]:
        by_bulletin[hit.facts.bulletin_id].append(hit)
    bulletins, elsewhere = [], []
    for pk, hits in by_bulletin.items():
        governing = found.governing[pk]
        wanted = _version_ids(governing)
        if named := [hit for hit in hits if hit.facts.version_id in wanted]:
            bulletins.append(_bulletin(governing, named, diagnoses, found))
        else:
            elsewhere.append(_elsewhere(line, governing, hits))
    bulletins.sort(key=_weakness)
    absence = "" if bulletins else _absence(line)
    by_diagnosis = [coverage.beside(n, bulletins, absence) for n in range(len(diagnoses))]
    own = coverage.alone(bulletins, absence)
    return LineAnswer(
        code=line,
        is_diagnosis=is_diagnosis,
        bulletins=tuple(bulletins),
        coverage=coverage.over(own, by_diagnosis, diagnoses) if diagnoses else own,
        by_diagnosis=tuple(by_diagnosis),
        authorization=authorization,
        documentation=documentation(bulletins, found.asked),
        contradictions=_contradictions(bulletins, is_diagnosis=is_diagnosis),
        absence=absence,
        elsewhere=tuple(elsewhere),
    )


def _bulletin(
    governing: Governing, hits: Sequence[Hit], diagnoses: Sequence[AskedCode], found: _Found
) -> BulletinAnswer:
    versions = {hit.facts.version_id for hit in hits}
    lists = Lists([group for pk in sorted(versions) for group in found.lists[pk]])
    pairs, contradictions = [], []
    if own := within(hits):
        contradictions.append(own)
    for one in diagnoses:
        named = [hit for hit in found.beside[one.key] if hit.facts.version_id in versions]
        pairs.append(pair(one, hits, named, lists))
        if other := within(named):
            contradictions.append(other)
    return BulletinAnswer(governing, tuple(hits), tuple(pairs), tuple(contradictions))


def _contradictions(
    bulletins: Sequence[BulletinAnswer], *, is_diagnosis: bool
) -> tuple[Contradiction, ...]:
    """Within each version, and between those that govern. Bulletins on different services may each
    say of a diagnosis what they will."""
    found = [one for bulletin in bulletins for one in bulletin.contradictions]
    if not is_diagnosis and (both := between([one.hits for one in bulletins if one.governs])):
        found.append(both)
    return tuple(found)


def _known(typed: Iterable[str]) -> dict[str, list[Code]]:
    """The codes of the code sets by key, the newest last; two queries."""
    known: dict[str, list[Code]] = defaultdict(list)
    keys = {read_code(one).key for one in typed}
    for code in Code.objects.filter(key__in=keys).described().order_by("key", "valid_from"):
        known[code.key].append(code)
    return known


def _asked(typed: str, on: date, known: dict[str, list[Code]], *, is_diagnosis: bool) -> AskedCode:
    read = read_code(typed)
    possible = codes.systems_of(read.key)
    systems = tuple(one for one in possible if (one == ICD_10_CM) == is_diagnosis)
    stored = [one for one in known[read.key] if one.system in systems]
    begun = [one for one in stored if one.valid_from <= on] or stored[:1]
    if begun:
        systems = tuple(one for one in systems if one == begun[-1].system) or systems
    return AskedCode(
        key=read.key,
        display=codes.dotted(read.key) if is_diagnosis else read.key,
        systems=systems,
        descriptor=descriptor_on(begun[-1], on) if begun else "",
        note=read.note,
    )


def _version_ids(governing: Governing) -> set[int]:
    if governing.version is not None:
        return {governing.version.pk}
    return {miss.version.pk for miss in governing.near_misses if miss.is_possible}


def _elsewhere(line: AskedCode, governing: Governing, hits: Sequence[Hit]) -> str:
    """That other versions of a bulletin name it, and the resolver's sentence."""
    others = list(dict.fromkeys(str(hit.facts.ordinal) for hit in hits))
    what = f"version{'s' if len(others) > 1 else ''} {listed(others)}"
    verb = "do" if len(others) > 1 else "does"
    own = f" It does not name {line.display}; {what} {verb}." if governing.version else (
        f" {what.capitalize()} would name {line.display}."
    )  # fmt: skip
    return f"{governing.sentence}{own}"


def _absence(line: AskedCode) -> str:
    told = (
        f"No bulletin in effect names {line.display}. That does not say that it is covered or not:"
        " the plan document decides."
    )
    return f"{told} {OPEN_LIST}"


def _weakness(answer: BulletinAnswer) -> tuple[bool, bool, int, str]:
    return (
        not answer.governs,
        not any(one.hits for one in answer.pairs),
        min(_STRENGTH[hit.membership] for hit in answer.hits),
        answer.governing.bulletin.number,
    )
