"""Whether a version governs, by its terms alone: for lists, where nobody reads the sentences."""

from collections.abc import Sequence
from datetime import date
from enum import IntEnum
from typing import Final, NamedTuple

from policies.effective_bases import Bases
from policies.resolver.occasions import Compared, Occasion, compared


class Fit(IntEnum):
    """How a version stands to an occasion; the worst of its parts decides."""

    YES = 0
    OPEN = 1  # something that decides is not stated
    NO = 2


class Terms(NamedTuple):
    """What decides when a version governs; `TERMS` are its fields, seen from a version."""

    basis: str  # the bulletin's own; empty: as the line of business
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


def fit(terms: Terms, occasion: Occasion, bases: Bases) -> Fit:
    """How a published version stands to an occasion; `bases` are `line_bases()`."""
    return max(
        fit_days(terms.effective_from, terms.ended_on, compared(terms.basis, occasion, bases)),
        fit_scope(terms.lines_of_business, occasion.line_of_business),
        fit_scope(terms.jurisdictions, occasion.jurisdiction),
    )


def fit_days(start: date | None, ended_on: date | None, on: Compared) -> Fit:
    """By every day that may count; where they are not one day, at best open."""
    best = min(fit_day(start, ended_on, day) for _, day in on.days)
    return best if on.is_settled else max(best, Fit.OPEN)


def fit_day(start: date | None, ended_on: date | None, on: date | None) -> Fit:
    if start is not None and start == ended_on:
        return Fit.NO
    if on is not None and ended_on is not None and on >= ended_on:
        return Fit.NO
    if start is None or on is None:
        return Fit.OPEN
    return Fit.YES if start <= on else Fit.NO


def fit_scope(names: Sequence[str], asked: str) -> Fit:
    if not names or asked in names:
        return Fit.YES
    return Fit.NO if asked else Fit.OPEN
