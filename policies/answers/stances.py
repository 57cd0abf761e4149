"""Stances put together: what is positive, what negative, and how the places of a code are told."""

from collections.abc import Iterable, Sequence

from policies.answers.model import Contradiction, Source
from policies.hits import Hit
from policies.models import Stance
from policies.reading.codes import Membership
from policies.wording import listed

POSITIVE = {Stance.COVERED, Stance.COVERED_IF_CRITERIA_MET}
NEGATIVE = {Stance.NOT_COVERED, Stance.EXPERIMENTAL}
_WORDS = {
    Stance.COVERED_IF_CRITERIA_MET: "covered if criteria are met",
    Stance.COVERED: "covered",
    Stance.NOT_COVERED: "not covered",
    Stance.EXPERIMENTAL: "experimental",
    Stance.RELATED: "related",
    Stance.UNKNOWN: "listed, without a stance",
}


def in_words(stances: Iterable[str]) -> str:
    """For the middle of a sentence: "not covered and related"."""
    return listed(list(dict.fromkeys(_WORDS[Stance(one)] for one in stances)))


def source_of(hit: Hit) -> Source:
    position = hit.facts.row_position
    return Source(hit.version, f"code-row-{position}", f"code row {position}")


def name_of(hit: Hit) -> str:
    return f"{hit.facts.number} version {hit.facts.ordinal}"


def scope_of(hit: Hit) -> str:
    return hit.facts.scope.rstrip(" :")


def is_opposed(stances: Iterable[str]) -> bool:
    """Whether some say covered, with or without criteria, and some not covered or experimental."""
    found = set(stances)
    return bool(found & POSITIVE and found & NEGATIVE)


def within(hits: Sequence[Hit]) -> Contradiction | None:
    """Rows of one version that name one code with opposite stances."""
    whole = [hit for hit in hits if hit.membership is not Membership.PARTLY]
    if not is_opposed(hit.facts.stance for hit in whole):
        return None
    opposed = [hit for hit in whole if hit.facts.stance in POSITIVE | NEGATIVE]
    apart = _what_tells_apart(opposed)
    one = opposed[0]
    told = apart or "Nothing in these rows tells them apart: the text of the bulletin decides."
    sentence = f"{name_of(one)} names {one.asked} {_each(opposed)}. {told}"
    return Contradiction(one.asked, False, bool(apart), sentence, _sources(opposed))


def between(groups: Sequence[Sequence[Hit]]) -> Contradiction | None:
    """Rows of versions of different bulletins that name one service with opposite stances; each
    group holds the rows of one version."""
    told = {hit.facts.version_id: hit for hits in groups for hit in hits}
    if len(told) < 2:
        return None
    opposed = [
        hit
        for hits in groups
        for hit in hits
        if hit.facts.stance in POSITIVE | NEGATIVE and hit.membership is not Membership.PARTLY
    ]
    sides = [{hit.facts.version_id for hit in opposed if hit.facts.stance in s} for s in _SIDES]
    if not all(sides) or len(sides[0] | sides[1]) < 2:
        return None
    speaking = sides[0] | sides[1]
    parts = [
        f"{name_of(hits[0])}, {hits[0].facts.title}, names it {_each(hits)}"
        for hits in ([hit for hit in opposed if hit.facts.version_id == pk] for pk in told)
        if hits and hits[0].facts.version_id in speaking
    ]
    apart = _what_tells_apart(opposed)
    sentence = (
        f"Bulletins differ on {opposed[0].asked}: {'; '.join(parts)}."
        f" {apart or 'Each speaks of its own subject: read both.'}"
    )
    return Contradiction(opposed[0].asked, True, bool(apart), sentence, _sources(opposed))


_SIDES = (POSITIVE, NEGATIVE)


def _each(hits: Iterable[Hit]) -> str:
    places: dict[str, list[str]] = {}
    for hit in hits:
        places.setdefault(hit.facts.stance, []).append(
            f"code row {hit.facts.row_position}, “{hit.facts.heading.rstrip(' :')}”"
        )
    return " and ".join(f"as {in_words([one])} ({'; '.join(at)})" for one, at in places.items())


def _sources(hits: Iterable[Hit]) -> tuple[Source, ...]:
    return tuple(source_of(hit) for hit in hits)


def _what_tells_apart(hits: Sequence[Hit]) -> str:
    """The scopes, where no scope stands on both sides, and the brackets."""
    positive, negative = ([hit for hit in hits if hit.facts.stance in side] for side in _SIDES)
    scopes = [{scope_of(hit) for hit in side} for side in (positive, negative)]
    said = []
    if not scopes[0] & scopes[1]:
        named = [f"“{one}”" if one else "no scope" for one in sorted(scopes[0] | scopes[1])]
        said.append(f"Their scopes tell them apart: {listed(named)}.")
    if notes := list(dict.fromkeys(note for hit in hits for note in hit.facts.brackets)):
        said.append(f"Their brackets say more: {' '.join(f'[{note}]' for note in notes)}.")
    return " ".join(said)
