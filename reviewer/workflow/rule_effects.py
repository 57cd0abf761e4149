"""What a change of the rules would do to the clocks that go now."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from reviewer.clocks import ClockError, RuleBook
from reviewer.models import Clock, ClockEvent, Request
from reviewer.workflow.clocks import Difference, computed
from reviewer.workflow.clocks.answers import as_kept
from reviewer.workflow.clocks.facts import standing_of
from reviewer.workflow.clocks.recomputing import ERROR
from reviewer.workflow.rule_book import book as current_book


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock with its limit now and then. Where no limit could be computed any more, why."""

    clock: Clock
    before: datetime | None
    after: datetime | None
    why_none: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """How many clocks go, and those whose limit would be another; the most urgent first."""

    going: int
    moved: tuple[Moved, ...]

    @property
    def earlier(self) -> int:
        return sum(1 for one in self.moved if one.before and one.after and one.after < one.before)

    @property
    def lost(self) -> tuple[Moved, ...]:
        """Clocks that would have no limit at all."""
        return tuple(one for one in self.moved if one.why_none)


def effect_of(book: RuleBook) -> Effect:
    """What this book would change if it were the current one; nothing is written."""
    clocks = going_clocks()
    return Effect(len(clocks), tuple(_moved(clocks, current_book(), book)))


def going_clocks() -> list[Clock]:
    rows = Clock.objects.going().select_related(
        "request__coverage", "appeal", "started_by", "ended_by"
    )
    clocks = list(rows.order_by("due_at", "id"))
    for one in clocks:
        if one.appeal:
            one.appeal.request = one.request
    return clocks


def requests_with_clocks() -> list[Request]:
    """The requests of the clocks that go, locked in one order."""
    going = Clock.objects.going().values("request")
    return list(Request.objects.filter(pk__in=going).order_by("pk").select_for_update())


def lost_by(differences: Iterable[Difference], *, before: RuleBook) -> tuple[Moved, ...]:
    """The clocks that go and have no limit any more; those that had none before are not lost."""
    without = [one for one in differences if one.field == ERROR and one.clock.is_going]
    return tuple(
        Moved(one.clock, one.clock.due_at, None, one.computed)
        for one in without
        if _has_limit(one.clock, before)
    )


def _moved(clocks: Sequence[Clock], now: RuleBook, then: RuleBook) -> Iterator[Moved]:
    """What is kept of a clock is what is computed by the rules of now (`recompute`)."""
    facts = standing_of({one.request_id for one in clocks})
    for clock in clocks:
        known = facts[clock.request_id]
        try:
            after = as_kept(computed(clock, book=then, facts=known).due_at)
        except ClockError as error:
            if _has_limit(clock, now, known):
                yield Moved(clock, clock.due_at, None, str(error))
            continue
        if after != clock.due_at:
            yield Moved(clock, clock.due_at, after)


def _has_limit(clock: Clock, book: RuleBook, facts: Iterable[ClockEvent] | None = None) -> bool:
    try:
        computed(clock, book=book, facts=facts)
    except ClockError:
        return False
    return True
