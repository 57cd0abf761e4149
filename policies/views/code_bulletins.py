"""What the hits of a code page come to: where bulletins disagree, and versions of other days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.urls import reverse

from policies.hits import Hit

FEW = 6
_COVERS = {"covered", "covered_if_criteria_met"}
_EXCLUDES = {"not_covered", "experimental"}


@dataclass(frozen=True, slots=True)
class Side:
    """A stance with the bulletins that take it. `more`: how many are not among them."""

    stance: str
    bulletins: tuple[tuple[str, str], ...]  # number, address
    more: int


@dataclass(frozen=True, slots=True)
class OtherVersion:
    """A version that names the code and is not in effect on the day; on `day` it is."""

    number: str
    title: str
    ordinal: int
    address: str
    stances: tuple[str, ...]
    standing: str
    day: date | None


def disagreement(hits: Sequence[Hit]) -> tuple[Side, ...]:
    """The stances that do not go together, where two bulletins take them; else nothing."""
    by_stance: dict[str, dict[str, str]] = {}
    for hit in hits:
        said = hit.facts
        if said.stance in _COVERS | _EXCLUDES:
            by_stance.setdefault(said.stance, {})[said.number] = said.number
    covering = {one for stance in _COVERS for one in by_stance.get(stance, ())}
    excluding = {one for stance in _EXCLUDES for one in by_stance.get(stance, ())}
    if not covering or not excluding or len(covering | excluding) < 2:
        return ()
    return tuple(
        Side(
            stance,
            tuple((one, _address(one)) for one in [*named][:FEW]),
            max(0, len(named) - FEW),
        )
        for stance, named in by_stance.items()
    )


@lru_cache(maxsize=4096)
def _address(number: str) -> str:
    return reverse("policies:bulletin_detail", args=[number])


def other_versions(hits: Sequence[Hit], on: date) -> tuple[OtherVersion, ...]:
    """One for each version, in the order of the hits."""
    by_version: dict[int, list[Hit]] = {}
    for hit in hits:
        by_version.setdefault(hit.facts.version_id, []).append(hit)
    return tuple(_other(found, on) for found in by_version.values())


def _other(found: Sequence[Hit], on: date) -> OtherVersion:
    said = found[0].facts
    start = said.effective_from
    return OtherVersion(
        number=said.number,
        title=said.title,
        ordinal=said.ordinal,
        address=reverse("policies:version_detail", args=[said.number, said.ordinal]),
        stances=tuple(dict.fromkeys(hit.facts.stance for hit in found)),
        standing=_standing(found[0], on),
        day=None if start == said.ended_on else start,
    )


def _standing(hit: Hit, on: date) -> str:
    start = hit.facts.effective_from
    if start is not None and start == hit.facts.ended_on:
        return "It was withdrawn before it took effect."
    if start is not None and start > on:
        return f"It takes effect on {start}."
    said = hit.standing.replace("is in effect", "was in effect").replace("goes on", "went on")
    return f"It {said}."
