"""The parts of the resolver's sentences: which day counts, and where a version stands to it."""

from collections.abc import Sequence
from datetime import date, timedelta

from policies.effective_bases import Bases, in_words, lines_by_basis
from policies.models import EffectiveBasis, Publication
from policies.resolver.fitting import Fit, fit_scope
from policies.resolver.occasions import Compared, Occasion
from policies.wording import listed

EVENTS = {
    EffectiveBasis.DATE_OF_SERVICE: "the service",
    EffectiveBasis.RECEIPT: "the receipt",
    EffectiveBasis.PROCESSING: "the processing",
}


def period(publication: Publication) -> str:
    """In effect from when to when: "is in effect from 2026-01-01 to 2026-06-30"."""
    if publication.effective_from is None:
        goes_on = (
            f" and goes on to {_last_day(publication.ended_on)}" if publication.ended_on else ""
        )
        return f"states no effective date{goes_on}"
    end = f" to {_last_day(publication.ended_on)}" if publication.ended_on else ""
    return f"is in effect from {publication.effective_from}{end}"


def goes_by(on: Compared) -> str:
    """Which day counts: "this line of business goes by date of service (2026-03-02)"."""
    if len(on.days) == 1:
        return f"{_who_goes(on)} by {_bases(on)} ({on.on})"
    both = "both" if len(on.days) == 2 else "all"
    return f"{_who_goes(on)} by {_bases(on)} ({both} {on.on})"


def not_stated(on: Compared) -> str:
    """That the day that counts is not stated."""
    missing = {
        1: f"the {_bases(on)} is not stated",
        2: "neither is stated",
        3: "none of them is stated",
    }
    return f"{_who_goes(on)} by {_bases(on)}, and {missing[len(on.days)]}"


def depends(occasion: Occasion, bases: Bases) -> str:
    """Which line goes by which day: "Marketplace goes by date of receipt (2026-02-02), ..."."""
    *few, (most, _) = lines_by_basis(bases)
    said = [
        f"{listed(lines)} {'goes' if len(lines) == 1 else 'go'} by {_dated(basis, occasion)}"
        for basis, lines in few
    ]
    return ", ".join([*said, f"the others by {_dated(most, occasion)}"])


def stands(publication: Publication, on: date | None, event: str) -> tuple[str, int]:
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


def only_for(names: Sequence[str], asked: str, what: str) -> str:
    """For whom alone a version is, where that is not the one asked for; else empty."""
    if fit_scope(names, asked) is Fit.YES:
        return ""
    only = f"only for {listed(names)}"
    return only if asked else f"{only}, and the {what} is not stated"


def _who_goes(on: Compared) -> str:
    if on.is_own:
        return "this bulletin goes"
    return "every line of business goes" if on.is_for_every_line else "this line of business goes"


def _bases(on: Compared) -> str:
    return " or ".join(in_words(basis) for basis, _ in on.days)


def _dated(basis: str, occasion: Occasion) -> str:
    return f"{in_words(basis)} ({occasion.day_for(basis) or 'not stated'})"


def _last_day(ended_on: date) -> date:
    return ended_on - timedelta(days=1)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
