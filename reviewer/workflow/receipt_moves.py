"""What another time of receipt does to limits: tried before, and kept with what was done."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from reviewer.clocks import EventType
from reviewer.models import Clock, ClockEvent, Request
from reviewer.time import local_day
from reviewer.workflow.appeal_routes import OPENINGS
from reviewer.workflow.clocks.facts import PERIOD, first_told, standing
from reviewer.workflow.clocks.noting import clocks_of
from reviewer.workflow.clocks.periods import period_of
from reviewer.workflow.clocks.recomputing import values_of
from reviewer.workflow.rule_book import book


@dataclass(frozen=True, slots=True)
class Stand:
    """A limit: when it is due, by which rule, and whether it is or was missed."""

    due_at: datetime | None
    tolled_until: datetime | None
    rule: str
    citation: str
    is_late: bool

    @classmethod
    def of(cls, clock: Clock, *, at: datetime) -> Self:
        limit = clock.accept_through or clock.due_at
        is_tolled = clock.is_tolled(at)
        done_at = clock.stopped_at or (clock.ended_by.at if clock.ended_by else at)
        return cls(
            due_at=clock.due_at,
            tolled_until=clock.tolled_until,
            rule=clock.applied_rule_id,
            citation=clock.citation,
            is_late=bool(limit and not is_tolled and done_at > limit),
        )

    def as_json(self) -> dict[str, Any]:
        times = {name: one and one.isoformat() for name, one in self._times().items()}
        return {**asdict(self), **times}

    def _times(self) -> dict[str, datetime | None]:
        return {"due_at": self.due_at, "tolled_until": self.tolled_until}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        times = {
            name: datetime.fromisoformat(kept[name]) if kept[name] else None
            for name in ("due_at", "tolled_until")
        }
        return cls(**{**kept, **times})


@dataclass(frozen=True, slots=True)
class Move:
    """One clock on both sides of a correction; `of` is its request or appeal."""

    of: str
    label: str
    was: Stand
    then: Stand

    @property
    def sides(self) -> tuple[Stand, Stand]:
        return self.was, self.then

    @property
    def is_moved(self) -> bool:
        return self.was != self.then

    @property
    def by(self) -> timedelta | None:
        """By how much it is due later; below zero, earlier."""
        if self.was.due_at is None or self.then.due_at is None:
            return None
        return self.then.due_at - self.was.due_at

    def as_json(self) -> dict[str, Any]:
        sides = {"was": self.was.as_json(), "then": self.then.as_json()}
        return {"of": self.of, "label": self.label, **sides}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        was, then = Stand.from_json(kept["was"]), Stand.from_json(kept["then"])
        return cls(kept["of"], kept["label"], was, then)


def moves_of(event: ClockEvent, corrected_to: datetime, *, at: datetime) -> list[Move]:
    """Every clock of the request and its appeals, as it stands and as it would stand.

    Nothing is written. Raises ClockError.
    """
    request = event.request
    was = stands(clocks_of(request), at=at)
    clocks = _as_if(event, corrected_to)
    facts, rules = _with(event, corrected_to), book()
    for clock in clocks:
        for name, value in values_of(clock, facts, rules).items():
            setattr(clock, name, value)
    return moves_between(was, stands(clocks, at=at))


Stands = dict[int, tuple[str, str, Stand]]


def stands(clocks: Iterable[Clock], *, at: datetime) -> Stands:
    """Each clock by its key: of what it is, its label, how it stands."""
    return {
        one.pk: ((one.appeal or one.request).number, one.label, Stand.of(one, at=at))
        for one in clocks
    }


def moves_between(was: Stands, then: Stands) -> list[Move]:
    return [
        Move(of, label, stood, then[pk][2]) for pk, (of, label, stood) in was.items() if pk in then
    ]


def is_receipt(event: ClockEvent) -> bool:
    """Whether the fact is the receipt that the request or the appeal keeps as its own."""
    if event.type in OPENINGS and event.appeal:
        return event.at == event.appeal.received_at
    return event.type == EventType.RECEIVED and event.at == event.request.received_at


def keep_receipt_of(request: Request, old: ClockEvent, at: datetime) -> None:
    """Let the request have this receipt, and the rating period of its day; not saved here."""
    request.received_at = at
    if said := old.facts.get(PERIOD):
        was, then = local_day(first_told(old).at), local_day(at)
        request.rating_period_start = period_of(date.fromisoformat(said), was=was, then=then)


def _as_if(event: ClockEvent, corrected_to: datetime) -> list[Clock]:
    """The clocks of a request that has the other receipt, none of them to be saved."""
    request: Request = copy(event.request)
    is_own = is_receipt(event)
    if is_own and event.type == EventType.RECEIVED:
        keep_receipt_of(request, event, corrected_to)
    clocks = clocks_of(request)
    for clock in clocks:
        if clock.stopped_by_id == event.pk:
            clock.stopped_at = corrected_to
        if is_own and clock.appeal and clock.appeal_id == event.appeal_id:
            clock.appeal.received_at = corrected_to
    return clocks


def _with(event: ClockEvent, corrected_to: datetime) -> list[ClockEvent]:
    """The facts that would stand."""
    again = copy(event)
    again.pk, again.at, again.corrects = None, corrected_to, event
    others = [one for one in standing(event.request) if one.pk != event.pk]
    return sorted([*others, again], key=lambda one: one.at)
