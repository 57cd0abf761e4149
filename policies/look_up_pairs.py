"""What the bulletins say of services together with the diagnoses that go with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from policies.effective_bases import Bases
from policies.hits import Hit, hits_of, rows_naming
from policies.look_up import ICD_10_CM, services_of
from policies.reading.codes import Membership
from policies.resolver import Governing, Occasion, governing_on_each
from policies.spelling import read_code

_STRENGTH = {Membership.EXACT: 0, Membership.RANGE: 1, Membership.PARTLY: 2}


@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """What one bulletin says of a code and of the diagnoses that go with it."""

    governing: Governing
    code_hits: tuple[Hit, ...]
    diagnosis_hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A service and the diagnoses that go with it, asked about on an occasion."""

    code: str
    diagnoses: tuple[str, ...]
    occasion: Occasion


def look_up_pair(
    *,
    code: str,
    diagnoses: Sequence[str],
    occasion: Occasion,
    bases: Bases | None = None,
) -> tuple[PolicyAnswer, ...]:
    """The bulletins that name the code, those that name a diagnosis too first. Six queries, five
    where `bases` are the `line_bases()` that the caller has already.

    Where no version governs because something is not stated, the hits are those of the versions
    that may; `governing` says what is missing.
    """
    return look_up_pairs([Pair(code, tuple(diagnoses), occasion)], bases=bases)[0]


def look_up_pairs(
    pairs: Sequence[Pair], *, bases: Bases | None = None
) -> list[tuple[PolicyAnswer, ...]]:
    """The answer of `look_up_pair` to each, in their order; as many queries as for one."""
    by_code = _named_by(pairs)
    bulletins = {hit.facts.bulletin_id: hit.version.bulletin for hit in chain(*by_code)}
    occasions = dict.fromkeys(pair.occasion for pair in pairs)
    asked = governing_on_each(bulletins.values(), occasions, bases=bases)
    versions = {pk for governing in chain(*asked.values()) for pk in _version_ids(governing)}
    keys = {one: read_code(one).key for pair in pairs for one in pair.diagnoses}
    spans = rows_naming(list(dict.fromkeys(keys.values())), [ICD_10_CM], versions=versions)
    by_diagnosis = {key: hits_of(key, spans) for key in keys.values()}
    return [
        _answered(
            asked[pair.occasion],
            hits,
            [hit for one in pair.diagnoses for hit in by_diagnosis[keys[one]]],
        )
        for pair, hits in zip(pairs, by_code, strict=True)
    ]


def _named_by(pairs: Sequence[Pair]) -> list[list[Hit]]:
    """As `naming`, for the service of each; two queries for all of them."""
    systems = {key: services_of(key) for key in (read_code(pair.code).key for pair in pairs)}
    spans = rows_naming(list(systems), sorted({one for few in systems.values() for one in few}))
    hits = {
        key: [hit for hit in hits_of(key, spans) if hit.facts.system in few]
        for key, few in systems.items()
    }
    return [hits[read_code(pair.code).key] for pair in pairs]


def _answered(
    asked: Iterable[Governing], by_code: Sequence[Hit], by_diagnosis: Sequence[Hit]
) -> tuple[PolicyAnswer, ...]:
    answers = []
    for governing in asked:
        wanted = _version_ids(governing)
        code_hits = tuple(hit for hit in by_code if hit.facts.version_id in wanted)
        others = tuple(hit for hit in by_diagnosis if hit.facts.version_id in wanted)
        if code_hits:
            answers.append(PolicyAnswer(governing, code_hits, others))
    return tuple(sorted(answers, key=_weakness))


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
