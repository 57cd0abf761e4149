"""What is known of a request, and by which of its days a version is chosen."""

from dataclasses import dataclass
from datetime import date

from policies.effective_bases import Bases, bases_that_may_hold
from policies.models import EffectiveBasis


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
class Compared:
    """The days that may count: one, or several where the line of business would decide between
    them and is not stated."""

    days: tuple[tuple[str, date | None], ...]  # each basis that may hold, with its day
    is_own: bool  # the bulletin's, whatever the line of business
    is_for_every_line: bool  # the line of business is not stated

    @property
    def is_settled(self) -> bool:
        """Whether it is one day, whichever line of business it is."""
        return len({day for _, day in self.days}) == 1

    @property
    def on(self) -> date | None:
        """The day that counts; None where it is not stated or not settled."""
        return self.days[0][1] if self.is_settled else None


def compared(own: str, occasion: Occasion, bases: Bases) -> Compared:
    """The days of the occasion that may count for a bulletin with this basis of its own."""
    may_hold = bases_that_may_hold(own, occasion.line_of_business, bases)
    days = tuple((basis, occasion.day_for(basis)) for basis in may_hold)
    return Compared(days, bool(own), not own and not occasion.line_of_business)
