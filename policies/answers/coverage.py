"""The first answer: what the policy says of coverage. Never a decision.

yes          covered, and no bracket narrows it
no           not covered or experimental, and no bracket narrows it
conditional  criteria, brackets, a scope or the diagnosis decide
conflict     bulletins, or rows of one that nothing tells apart, say the opposite of each other
unknown      no version governs, none names it, or the one that does takes no stance
"""

from collections.abc import Iterable, Sequence

from policies.answers.model import AskedCode, BulletinAnswer, Follows, PairAnswer, Said, Value
from policies.answers.stances import in_words, name_of, source_of, within
from policies.hits import Hit
from policies.models import Stance
from policies.reading.codes import Membership
from policies.wording import listed

_OF = {
    Follows.COVERED_IF_CRITERIA_MET: Value.CONDITIONAL,
    Follows.COVERED: Value.YES,
    Follows.NOT_COVERED: Value.NO,
    Follows.EXPERIMENTAL: Value.NO,
    Follows.RELATED: Value.UNKNOWN,
    Follows.UNKNOWN: Value.UNKNOWN,
    Follows.DEPENDS: Value.CONDITIONAL,
    Follows.CONFLICT: Value.CONFLICT,
}
_WORDS = {
    Value.YES: "covered",
    Value.NO: "not covered",
    Value.CONDITIONAL: "conditions decide",
    Value.CONFLICT: "contradictory",
    Value.UNKNOWN: "not stated",
}
_EACH = " with each of the diagnoses."
_FOR_LISTED = "indications listed"


def alone(bulletins: Sequence[BulletinAnswer], absence: str) -> Said:
    """Of a code without a diagnosis."""
    parts = [
        (_of_rows(one.hits), _rows_in_words(one), one.hits) for one in bulletins if one.governs
    ]
    return _joined(parts, bulletins, absence)


def beside(number: int, bulletins: Sequence[BulletinAnswer], absence: str) -> Said:
    """Of a service beside the diagnosis of that number. Versions that name the diagnosis speak
    before those that do not."""
    governing = [one for one in bulletins if one.governs]
    named = [one for one in governing if one.pairs[number].hits]
    parts = [
        (
            _of_pair(one, one.pairs[number]),
            one.pairs[number].sentence,
            one.hits + one.pairs[number].hits,
        )
        for one in named or governing
    ]
    return _joined(parts, bulletins, absence)


def over(own: Said, answers: Sequence[Said], diagnoses: Sequence[AskedCode]) -> Said:
    """Of a line with all its diagnoses; `own` is what is said of it alone."""
    if len(answers) == 1:
        return answers[0]
    sources = tuple(dict.fromkeys(source for one in (own, *answers) for source in one.sources))
    if not sources:
        return own
    values = list(dict.fromkeys(one.value for one in answers))
    if len(values) == 1:
        return Said(values[0], f"{own.sentence} {_WORDS[values[0]].capitalize()}{_EACH}", sources)
    parts = []
    for value in values:
        with_these = [
            code.display for one, code in zip(answers, diagnoses, strict=True) if one.value == value
        ]
        parts.append(f"{_WORDS[value]} with {listed(with_these)}")
    value = Value.CONFLICT if Value.CONFLICT in values else Value.CONDITIONAL
    told = f"{own.sentence} It depends on the diagnosis: {'; '.join(parts)}."
    return Said(value, told, sources)


def _joined(
    parts: Sequence[tuple[Value, str, Sequence[Hit]]],
    bulletins: Sequence[BulletinAnswer],
    absence: str,
) -> Said:
    if not bulletins:
        return Said(Value.UNKNOWN, absence)
    sources = tuple(dict.fromkeys(source_of(hit) for _, _, hits in parts for hit in hits))
    if not parts:
        told = " ".join(one.governing.sentence for one in bulletins)
        open_ = tuple(source_of(hit) for one in bulletins for hit in one.hits)
        return Said(Value.UNKNOWN, f"No version is known to govern. {told}", open_)
    values = {value for value, _, _ in parts} - {Value.UNKNOWN} or {Value.UNKNOWN}
    told = " ".join(dict.fromkeys(sentence for _, sentence, _ in parts))
    return Said(_one(values), told, sources)


def _one(values: set[Value]) -> Value:
    if len(values) == 1:
        return next(iter(values))
    if Value.CONFLICT in values or Value.NO in values:
        return Value.CONFLICT
    return Value.CONDITIONAL


def _of_rows(hits: Sequence[Hit]) -> Value:
    """The stance of a code's own rows."""
    if contradiction := within(hits):
        return Value.CONDITIONAL if contradiction.is_told_apart else Value.CONFLICT
    speaking = [hit for hit in hits if hit.facts.stance not in (Stance.RELATED, Stance.UNKNOWN)]
    if not speaking:
        return Value.UNKNOWN
    is_partly = any(hit.membership is Membership.PARTLY for hit in speaking)
    if is_partly or _is_narrowed(speaking):
        return Value.CONDITIONAL
    return _one({_OF[Follows(hit.facts.stance)] for hit in speaking})


def _of_pair(bulletin: BulletinAnswer, pair: PairAnswer) -> Value:
    if pair.follows is Follows.NOT_NAMED:
        headings = [hit.facts.heading.lower() for hit in bulletin.hits]
        is_for_listed = all(_FOR_LISTED in one for one in headings)
        return Value.UNKNOWN if is_for_listed else _of_rows(bulletin.hits)
    value = _OF[pair.follows]
    is_settled = value in (Value.YES, Value.NO)
    if is_settled and _is_narrowed([*bulletin.hits, *pair.hits]):
        return Value.CONDITIONAL
    return value


def _is_narrowed(hits: Iterable[Hit]) -> bool:
    return any(hit.facts.brackets for hit in hits)


def _rows_in_words(bulletin: BulletinAnswer) -> str:
    hits = bulletin.hits
    stances = in_words(hit.facts.stance for hit in hits)
    notes = list(dict.fromkeys(note for hit in hits for note in hit.facts.brackets))
    brackets = f" {' '.join(f'[{note}]' for note in notes)}" if notes else ""
    how = listed(list(dict.fromkeys(hit.sentence for hit in hits)))
    return f"{name_of(hits[0])} names {hits[0].asked}, {how}, as {stances}{brackets}."
