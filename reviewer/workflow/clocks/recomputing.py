"""What is kept of limits, computed again: it is the same, or it is told what moved it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from reviewer.clocks import ClockError, RuleBook, Scope
from reviewer.models import Clock, ClockEvent, Request, RuleRow
from reviewer.workflow.clocks.answers import COMPARED, kept, remember, subject
from reviewer.workflow.clocks.facts import as_event, facts_for, standing_of
from reviewer.workflow.clocks.noting import project, projection
from reviewer.workflow.clocks.scopes import Subject, duty_with_rule, others_of
from reviewer.workflow.rule_book import book as current_book

BATCH: Final = 1000
ERROR: Final = "error"
COLUMNS: Final = (*COMPARED, "book_version", "answer", "computed_at")


@dataclass(frozen=True, slots=True)
class Difference:
    """What is kept otherwise than it is computed, and the versions of the rule on both sides.

    `field` is a column of the clock, or of its request or appeal (`decision_due_at` …), or
    `error`: then `computed` says why nothing can be computed.
    """

    clock: Clock
    field: str
    stored: Any
    computed: Any
    before: RuleRow
    after: RuleRow | None


def recompute(
    requests: Iterable[Request], *, at: datetime, write: bool = False
) -> list[Difference]:
    """Every clock of the requests and their appeals anew, by the rules as they stand now.

    With `write` what differs is kept as it is computed now, and due times with it; the caller
    holds the transaction and the requests' locks.
    """
    book = current_book()
    every = list(requests)
    found: list[Difference] = []
    for first in range(0, len(every), BATCH):
        some = {one.pk: one for one in every[first : first + BATCH]}
        facts = standing_of(some)
        for pk, clocks in _clocks_of(some).items():
            differences = [one for clock in clocks for one in _differences(clock, facts[pk], book)]
            differences += _projected(clocks)
            if write and differences:
                _write(clocks, differences, at)
            found += differences
    return found


def _clocks_of(requests: dict[int, Request]) -> dict[int, list[Clock]]:
    clocks = defaultdict(list)
    rows = Clock.objects.filter(request__in=requests).select_related(
        "request__coverage", "appeal", "started_by", "ended_by", "rule_row"
    )
    for one in rows:
        one.request = requests[one.request_id]
        if one.appeal:
            one.appeal.request = one.request
        clocks[one.request_id].append(one)
    return clocks


def _differences(clock: Clock, facts: list[ClockEvent], book: RuleBook) -> Iterator[Difference]:
    """Where the clock is other than computed; its columns are set to what is computed."""
    before = clock.rule_row
    try:
        values = values_of(clock, facts, book)
    except ClockError as error:
        yield Difference(clock, ERROR, "", str(error), before, None)
        return
    remember(clock, values)
    stored = {name: getattr(clock, name) for name in COMPARED}
    changed = [name for name in COMPARED if stored[name] != values[name]]
    for name, value in values.items() if changed else ():
        setattr(clock, name, value)
    for name in changed:
        yield Difference(clock, name, stored[name], values[name], before, clock.rule_row)


def values_of(clock: Clock, facts: list[ClockEvent], book: RuleBook) -> dict[str, Any]:
    """The columns of a clock as they are computed from these facts. Raises ClockError."""
    events = [as_event(one, clock.zone) for one in facts_for(clock, facts)]
    scope, duty = Scope(**clock.scope), duty_with_rule(book.duty(clock.duty), book)
    others = others_of(subject(clock), duty, scope, events, clock.zone, book)
    return kept(scope, events, clock.zone, others, book)


def _projected(clocks: list[Clock]) -> Iterator[Difference]:
    """Where the request or an appeal keeps another due time than its clock has."""
    for of in _subjects(clocks):
        if found := projection(clocks, of):
            clock, values = found
            for name, value in values.items():
                if (kept_there := getattr(of, name)) != value:
                    row = clock.rule_row
                    yield Difference(clock, name, kept_there, value, row, row)


def _subjects(clocks: list[Clock]) -> list[Subject]:
    appeals = {one.appeal_id: one.appeal for one in clocks if one.appeal}
    return [clocks[0].request, *appeals.values()]


def _write(clocks: list[Clock], differences: list[Difference], at: datetime) -> None:
    moved = {one.clock.pk: one.clock for one in differences if one.field in COMPARED}
    for clock in moved.values():
        clock.computed_at = at
        clock.save(update_fields=COLUMNS)
    for of in _subjects(clocks):
        project(clocks, of)
