"""The answer for bulletins and occasions, with its sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from policies.effective_bases import Bases, line_bases
from policies.models import Bulletin, EffectiveBasis, Version
from policies.resolver.fitting import Fit, Terms, fit, fit_day
from policies.resolver.occasions import Compared, Occasion, compared
from policies.resolver.wording import (
    EVENTS,
    depends,
    goes_by,
    not_stated,
    only_for,
    period,
    stands,
)
from policies.wording import line_of_business


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A published version that does not govern, and why. `is_possible`: only because something
    is not stated, so that a person may still find that it does."""

    version: Version
    sentence: str
    is_possible: bool = False


@dataclass(frozen=True, slots=True)
class Governing:
    """The version that governs, or None, and why; `on` is the day that was compared, None where it
    is not stated or depends on a line of business that is not."""

    bulletin: Bulletin
    version: Version | None
    sentence: str
    near_misses: tuple[NearMiss, ...]
    on: date | None

    @property
    def untold_misses(self) -> tuple[NearMiss, ...]:
        """The near misses of which the sentence does not speak already."""
        return tuple(one for one in self.near_misses if one.sentence not in self.sentence)


def governing_version(bulletin: Bulletin, occasion: Occasion) -> Governing:
    """The answer for one bulletin; two queries."""
    return governing_versions([bulletin], occasion)[0]


def governing_versions(
    bulletins: Iterable[Bulletin], occasion: Occasion, *, bases: Bases | None = None
) -> tuple[Governing, ...]:
    """The answers in the order of the bulletins; two queries for all of them, one where `bases`
    are the `line_bases()` that the caller has already."""
    return governing_on_each(bulletins, [occasion], bases=bases)[occasion]


def governing_on_each(
    bulletins: Iterable[Bulletin], occasions: Iterable[Occasion], *, bases: Bases | None = None
) -> dict[Occasion, tuple[Governing, ...]]:
    """The answers for each of many occasions, in the order of the bulletins; queries as above."""
    asked = list(bulletins)
    known = line_bases() if bases is None else bases
    published: dict[int, list[Version]] = {bulletin.pk: [] for bulletin in asked}
    versions = Version.objects.published().filter(bulletin__in=published)
    for version in (
        versions.select_related("bulletin", "publication")
        .defer("content", "source_bytes", "not_understood", "legends", "change_note")
        .order_by("ordinal")
    ):
        published[version.bulletin_id].append(version)
    return {
        occasion: tuple(_governing(one, published[one.pk], occasion, known) for one in asked)
        for occasion in occasions
    }


def _governing(
    bulletin: Bulletin, versions: Sequence[Version], occasion: Occasion, bases: Bases
) -> Governing:
    on = compared(bulletin.effective_basis, occasion, bases)
    weighed = [_weigh(version, bulletin, occasion, bases) for version in versions]
    misses = [one for one in weighed if one.fit is not Fit.YES]
    misses.sort(key=lambda one: (one.days_off, -one.version.ordinal))
    near = tuple(NearMiss(one.version, one.sentence, one.fit is Fit.OPEN) for one in misses)
    # Published versions of a bulletin never overlap, so at most one fits.
    found = next((one.version for one in weighed if one.fit is Fit.YES), None)
    if found is None:
        why = _nothing(on, near, occasion, bases)
        return Governing(
            bulletin, None, f"{bulletin.number}: no version, because {why}", near, on.on
        )
    sentence = (
        f"{bulletin.number} version {found.ordinal}, because {goes_by(on)} and version "
        f"{found.ordinal} {period(found.publication)}."
    )
    return Governing(bulletin, found, sentence, near, on.on)


def _nothing(on: Compared, near: Sequence[NearMiss], occasion: Occasion, bases: Bases) -> str:
    if not near:
        return "none has been published."
    possible = [miss for miss in near if miss.is_possible]
    asked = (line_of_business(occasion.line_of_business), occasion.jurisdiction)
    of = " in ".join(one for one in asked if one)
    for_whom = f" for {of}" if of else ""
    if not on.is_settled:
        lines = depends(occasion, bases)
        if possible:
            return f"the day depends on the line of business, which is not stated: {lines}."
        return f"{lines}, and no version is in effect on any of these days{for_whom}."
    if on.on is None:
        return f"{not_stated(on)}."
    if possible:
        return f"{goes_by(on)} and {possible[0].sentence}"
    return f"{goes_by(on)} and no version is in effect on that day{for_whom}."


@dataclass(frozen=True, slots=True)
class _Weighed:
    version: Version
    fit: Fit
    sentence: str
    days_off: int  # between the occasion and the effective period


def _weigh(version: Version, bulletin: Bulletin, occasion: Occasion, bases: Bases) -> _Weighed:
    start, ended_on = version.publication.effective_from, version.publication.ended_on
    lines, states = version.lines_of_business, version.jurisdictions
    terms = Terms(bulletin.effective_basis, start, ended_on, lines, states)
    in_effect, phrase, days_off = _nearest(
        version, compared(bulletin.effective_basis, occasion, bases)
    )
    scopes = [
        only_for([line_of_business(one) for one in lines],
                 line_of_business(occasion.line_of_business), "line of business"),
        only_for(states, occasion.jurisdiction, "jurisdiction"),
    ]  # fmt: skip
    if told := " and ".join(only for only in scopes if only):
        phrase += f", {'but' if in_effect else 'and is'} {told}"
    sentence = f"version {version.ordinal} {phrase}."
    return _Weighed(version, fit(terms, occasion, bases), sentence, days_off)


def _nearest(version: Version, on: Compared) -> tuple[bool, str, int]:
    """Whether it is in effect, where it stands to the day, and how many days off: by the day that
    comes nearest, where several may count."""
    publication = version.publication
    readings = []
    for basis, day in on.days:
        how = fit_day(publication.effective_from, publication.ended_on, day)
        phrase, days_off = stands(publication, day, EVENTS[EffectiveBasis(basis)])
        readings.append((how, days_off, phrase))
    how, days_off, phrase = min(readings)
    return how is Fit.YES, phrase, days_off
