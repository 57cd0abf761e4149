"""“If this limit were 7 days”: duties that were done, against a book with another limit.

Nothing is stored: the engine computes every clock anew from the record's facts.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from policies.models import LineOfBusiness
from reviewer.clocks import ClockError, RuleBook
from reviewer.clocks.book import rows_of
from reviewer.models import Clock, ClockEvent, Request
from reviewer.workflow.clocks.answers import computed
from reviewer.workflow.clocks.facts import standing_of
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_book import book as current_book

MOST: Final = 5000  # clocks that are looked at, the newest first
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Case:
    """A duty that was done, with its limit as it is and as it would be (None: none found)."""

    clock: Clock
    due_at: datetime | None
    would_be_due_at: datetime | None

    @property
    def was_late(self) -> bool:
        return self._is_late(self.due_at)

    @property
    def would_be_late(self) -> bool:
        return self._is_late(self.would_be_due_at)

    def _is_late(self, due_at: datetime | None) -> bool:
        done = self.clock.stopped_at
        return due_at is not None and done is not None and done > due_at


@dataclass(frozen=True, slots=True)
class Tally:
    """The duties of one line of business: how many, late as it is, late as it would be."""

    line: str
    done: int
    late: int
    would_be_late: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """What another limit would have meant; `is_cut` where only the newest `MOST` were looked at."""

    tallies: list[Tally]
    cases: list[Case]
    is_cut: bool

    @property
    def done(self) -> int:
        return len(self.cases)

    @property
    def late(self) -> int:
        return sum(one.was_late for one in self.cases)

    @property
    def would_be_late(self) -> int:
        return sum(one.would_be_late for one in self.cases)

    @property
    def turned(self) -> list[Case]:
        """Those whose answer to “late?” would be another, the latest done first."""
        return [one for one in self.cases if one.was_late != one.would_be_late]


def simulate(
    requests: QuerySet[Request], *, rule_id: str, number: int, unit: str, start: date, end: date
) -> Simulation:
    """Duties under a rule, done from the first day to the last one (in the plan's zone), with
    another limit. Raises Refused where the rule cannot have that limit."""
    book = current_book()
    other = with_limit(book, rule_id, number, unit)
    clocks = done_under(requests, rule_id, start, end)
    some = list(clocks[: MOST + 1])
    cases: list[Case] = []
    for first in range(0, min(len(some), MOST), BATCH):
        group = some[first : min(first + BATCH, MOST)]
        facts = standing_of({one.request_id for one in group})
        cases += [_case(one, facts[one.request_id], other) for one in group]
    return Simulation(_tallies(cases), cases, len(some) > MOST)


def done_under(
    requests: QuerySet[Request], rule_id: str, start: date, end: date
) -> QuerySet[Clock]:
    """Clocks that were stopped by their evidence and that the rule had a say in."""
    has_a_say = Q(rule_id=rule_id) | Q(applied_rule_id=rule_id)
    has_a_say |= Q(others__contains=[{"rule_id": rule_id}])
    done = Clock.objects.filter(has_a_say, request__in=requests)
    within = done.filter(stopped_at__date__gte=start, stopped_at__date__lte=end)
    related = ("request__coverage", "appeal__request", "started_by", "ended_by")
    return within.select_related(*related).order_by("-stopped_at", "-pk")


def with_limit(book: RuleBook, rule_id: str, number: int, unit: str) -> RuleBook:
    """The book with another number and unit in one row."""
    rows = rows_of(book)
    for row in rows["rules"]:
        if row["rule_id"] == rule_id:
            row["number"], row["unit"] = str(number), unit
    try:
        return RuleBook.of(rows)
    except ClockError as error:
        raise Refused(str(error)) from error


def _case(clock: Clock, facts: list[ClockEvent], other: RuleBook) -> Case:
    try:
        then = computed(clock, book=other, facts=facts).due_at
    except ClockError:
        then = None
    return Case(clock, clock.due_at, then)


def _tallies(cases: Iterable[Case]) -> list[Tally]:
    done: Counter[str] = Counter()
    late: Counter[str] = Counter()
    would: Counter[str] = Counter()
    for one in cases:
        line = one.clock.request.line_of_business
        done[line] += 1
        late[line] += one.was_late
        would[line] += one.would_be_late
    return [
        Tally(str(line.label), done[line], late[line], would[line])
        for line in LineOfBusiness
        if done[line]
    ]


def usual_period(today: date) -> tuple[date, date]:
    """Half a year back to today."""
    return today - timedelta(days=182), today
