"""Which version of a bulletin governs a request, with the sentence that says why.

A version governs when it is published, in effect on the day by which its bulletin goes, and meant
for the line of business and the jurisdiction. Where one of these is not stated nothing is guessed:
the answer then holds no version, and the near misses say what was missing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import Final, NamedTuple

from policies.models import Bulletin, EffectiveBasis, LineOfBusiness, Publication, Version

_EVENTS = {
    EffectiveBasis.DATE_OF_SERVICE: "the service",
    EffectiveBasis.RECEIPT: "the receipt",
    EffectiveBasis.PROCESSING: "the processing",
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is known of a request; an empty text or None is "not stated"."""

    line_of_business: str
    jurisdiction: str
    service_on: date | None
    received_on: date | None
    processed_on: date | None

    def day_for(self, basis: str) -> date | None:
        """The day that is compared with a version's effective period."""
        return {
            EffectiveBasis.DATE_OF_SERVICE: self.service_on,
            EffectiveBasis.RECEIPT: self.received_on,
            EffectiveBasis.PROCESSING: self.processed_on,
        }[EffectiveBasis(basis)]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A published version that does not govern, and why. `is_possible`: only because something
    is not stated, so that a person may still find that it does."""

    version: Version
    sentence: str
    is_possible: bool = False


@dataclass(frozen=True, slots=True)
class Governing:
    """The version that governs, or None, and why; `on` is the day that was compared."""

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
    """The answer for one bulletin; one query."""
    return governing_versions([bulletin], occasion)[0]


def governing_versions(bulletins: Iterable[Bulletin], occasion: Occasion) -> tuple[Governing, ...]:
    """The answers in the order of the bulletins; one query for all of them."""
    return governing_on_each(bulletins, [occasion])[occasion]


def governing_on_each(
    bulletins: Iterable[Bulletin], occasions: Iterable[Occasion]
) -> dict[Occasion, tuple[Governing, ...]]:
    """The answers for each of many occasions, in the order of the bulletins; one query."""
    asked = list(bulletins)
    published: dict[int, list[Version]] = {bulletin.pk: [] for bulletin in asked}
    versions = Version.objects.published().filter(bulletin__in=published)
    for version in (
        versions.select_related("bulletin", "publication")
        .defer("content", "source_bytes")
        .order_by("ordinal")
    ):
        published[version.bulletin_id].append(version)
    return {
        occasion: tuple(_governing(one, published[one.pk], occasion) for one in asked)
        for occasion in occasions
    }


def period(publication: Publication) -> str:
    """In effect from when to when: "in effect from 2026-01-01 to 2026-06-30"."""
    if publication.effective_from is None:
        goes_on = (
            f" and goes on to {_last_day(publication.ended_on)}" if publication.ended_on else ""
        )
        return f"states no effective date{goes_on}"
    end = f" to {_last_day(publication.ended_on)}" if publication.ended_on else ""
    return f"is in effect from {publication.effective_from}{end}"


def _governing(bulletin: Bulletin, versions: Sequence[Version], occasion: Occasion) -> Governing:
    on = occasion.day_for(bulletin.effective_basis)
    weighed = [_weigh(version, bulletin, occasion) for version in versions]
    misses = [one for one in weighed if one.fit is not Fit.YES]
    misses.sort(key=lambda one: (one.days_off, -one.version.ordinal))
    near = tuple(NearMiss(one.version, one.sentence, one.fit is Fit.OPEN) for one in misses)
    # Published versions of a bulletin never overlap, so at most one fits.
    found = next((one.version for one in weighed if one.fit is Fit.YES), None)
    if found is None:
        sentence = f"{bulletin.number}: no version, because {_nothing(bulletin, near, occasion)}"
        return Governing(bulletin, None, sentence, near, on)
    sentence = (
        f"{bulletin.number} version {found.ordinal}, because this line of business goes by "
        f"{bulletin.get_effective_basis_display()} ({on}) and version {found.ordinal} "
        f"{period(found.publication)}."
    )
    return Governing(bulletin, found, sentence, near, on)


def _nothing(bulletin: Bulletin, near: Sequence[NearMiss], occasion: Occasion) -> str:
    if not near:
        return "none has been published."
    basis = bulletin.get_effective_basis_display()
    on = occasion.day_for(bulletin.effective_basis)
    if on is None:
        return f"this line of business goes by {basis}, and the {basis} is not stated."
    goes_by = f"this line of business goes by {basis} ({on})"
    possible = [miss for miss in near if miss.is_possible]
    if possible:
        return f"{goes_by} and {possible[0].sentence}"
    asked = (_line_of_business(occasion.line_of_business), occasion.jurisdiction)
    of = " in ".join(one for one in asked if one)
    return f"{goes_by} and no version is in effect on that day{of and f' for {of}'}."


class Fit(IntEnum):
    """How a version stands to an occasion; the worst of its parts decides."""

    YES = 0
    OPEN = 1  # something that decides is not stated
    NO = 2


class Terms(NamedTuple):
    """What decides when a version governs; `TERMS` are its fields, seen from a version."""

    basis: str
    effective_from: date | None
    ended_on: date | None
    lines_of_business: Sequence[str]
    jurisdictions: Sequence[str]


TERMS: Final = (
    "bulletin__effective_basis",
    "publication__effective_from",
    "publication__ended_on",
    "lines_of_business",
    "jurisdictions",
)


def fit(terms: Terms, occasion: Occasion) -> Fit:
    """How a published version stands to an occasion, without the sentences."""
    return max(
        _fit_day(terms.effective_from, terms.ended_on, occasion.day_for(terms.basis)),
        _fit_scope(terms.lines_of_business, occasion.line_of_business),
        _fit_scope(terms.jurisdictions, occasion.jurisdiction),
    )


def _fit_day(start: date | None, ended_on: date | None, on: date | None) -> Fit:
    if start is not None and start == ended_on:
        return Fit.NO
    if on is not None and ended_on is not None and on >= ended_on:
        return Fit.NO
    if start is None or on is None:
        return Fit.OPEN
    return Fit.YES if start <= on else Fit.NO


def _fit_scope(names: Sequence[str], asked: str) -> Fit:
    if not names or asked in names:
        return Fit.YES
    return Fit.NO if asked else Fit.OPEN


@dataclass(frozen=True, slots=True)
class _Weighed:
    version: Version
    fit: Fit
    sentence: str
    days_off: int  # between the occasion and the effective period


def _weigh(version: Version, bulletin: Bulletin, occasion: Occasion) -> _Weighed:
    event = _EVENTS[EffectiveBasis(bulletin.effective_basis)]
    on = occasion.day_for(bulletin.effective_basis)
    start, ended_on = version.publication.effective_from, version.publication.ended_on
    terms = Terms(
        bulletin.effective_basis,
        start,
        ended_on,
        version.lines_of_business,
        version.jurisdictions,
    )
    phrase, days_off = _weigh_day(version.publication, on, event)
    lines = [_line_of_business(one) for one in version.lines_of_business]
    line = _line_of_business(occasion.line_of_business)
    scopes = [
        _only(lines, line, "line of business"),
        _only(version.jurisdictions, occasion.jurisdiction, "jurisdiction"),
    ]
    if told := " and ".join(only for only in scopes if only):
        in_effect = _fit_day(start, ended_on, on) is Fit.YES
        phrase += f", {'but' if in_effect else 'and is'} {told}"
    sentence = f"version {version.ordinal} {phrase}."
    return _Weighed(version, fit(terms, occasion), sentence, days_off)


def _weigh_day(publication: Publication, on: date | None, event: str) -> tuple[str, int]:
    """Where the day stands to the effective period, and how many days off it is."""
    start, ended_on = publication.effective_from, publication.ended_on
    if start is not None and start == ended_on:
        return f"was withdrawn before it took effect on {start}", 0
    if on is not None and ended_on is not None and on >= ended_on:
        days = (on - ended_on).days + 1
        unstated = "" if start else "states no effective date and "
        return f"{unstated}ended on {_last_day(ended_on)}, {_days(days)} before {event}", days
    if start is not None and on is not None and on < start:
        days = (start - on).days
        return f"takes effect on {start}, {_days(days)} after {event}", days
    return period(publication), 0


def _only(names: Sequence[str], asked: str, what: str) -> str:
    """For whom alone a version is, where that is not the one asked for; else empty."""
    if _fit_scope(names, asked) is Fit.YES:
        return ""
    only = f"only for {_listed(names)}"
    return only if asked else f"{only}, and the {what} is not stated"


def _listed(names: Sequence[str]) -> str:
    """Names in a row; semicolons where the names have commas themselves."""
    if len(names) < 2 or not any("," in name for name in names):
        return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    return f"{'; '.join(names[:-1])}; and {names[-1]}"


def _line_of_business(value: str) -> str:
    return str(dict(LineOfBusiness.choices).get(value, value))


def _last_day(ended_on: date) -> date:
    return ended_on - timedelta(days=1)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
