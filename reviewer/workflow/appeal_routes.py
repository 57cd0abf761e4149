"""Where an appeal may go: the stages of the rules that begin with somebody's asking."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product
from typing import Final

from reviewer.clocks import ClockError, Deadline, Event, EventType, NoRule, Rule, RuleBook, compute
from reviewer.clocks.duties import Duty, Subject, When
from reviewer.clocks.rules import Calculation
from reviewer.models import Appeal, Clock, ClockEvent, Request
from reviewer.workflow.clocks.facts import about, as_event, standing
from reviewer.workflow.clocks.opening import find_scope
from reviewer.workflow.clocks.scopes import (
    others_of,
    regimes_of,
    review_type_of,
    rule_for,
    scopes_of,
    urgency_of,
    zone_of,
)
from reviewer.workflow.rule_book import book as current_book

# What is received when an appeal begins: by the plan, by an independent entity or by a reviewer.
OPENINGS: Final = (
    EventType.APPEAL_RECEIVED,
    EventType.IRE_RECEIVED,
    EventType.EXTERNAL_REVIEW_REQUESTED,
)


@dataclass(frozen=True, slots=True)
class Route:
    """A step that an appeal can open, and the rules of its regime that may state the limit."""

    regime: str
    stage: str
    step: str
    opened_by: EventType
    duty: Duty
    rules: tuple[Rule, ...]

    def narrowed(self, *, urgency: str, review_type: str) -> "Route":
        """The same with the rules that may hold for such a case."""
        asked = {"urgency": urgency, "review_type": review_type}
        fitting = tuple(
            one
            for one in self.rules
            if all(value in (one.alternatives(name) or (value,)) for name, value in asked.items())
        )
        return replace(self, rules=fitting)

    @property
    def key(self) -> str:
        return f"{self.regime}/{self.stage}/{self.step}"

    @property
    def item_kinds(self) -> tuple[str, ...]:
        """The kinds of item that its rules tell apart; none where one rule is for all."""
        return self._told_apart("item_kind")

    @property
    def plan_levels(self) -> tuple[str, ...]:
        """The numbers of levels that its rules tell apart."""
        return self._told_apart("appeal_levels")

    @property
    def is_of_a_board(self) -> bool:
        """Whether the days of a board's meetings set the limit."""
        return any(one.calculation is Calculation.MEETING_SCHEDULE for one in self.rules)

    @property
    def waits_for_information(self) -> bool:
        """Whether the limit runs only from the information that the decision needs."""
        needed = EventType.NECESSARY_INFORMATION_RECEIVED
        return any(needed in one.starts_on for one in self.rules)

    def _told_apart(self, column: str) -> tuple[str, ...]:
        found = {value: None for one in self.rules for value in one.alternatives(column)}
        return tuple(found)


def case_of(appeal: Appeal, route: Route) -> Route:
    """The route with the rules that are for the appeal's urgency and review type."""
    review_type = review_type_of(appeal)
    urgency = urgency_of(appeal.urgency, review_type)
    return route.narrowed(urgency=urgency, review_type=review_type)


def routes_of(of: Request | Appeal) -> list[Route]:
    """Every stage and step that an appeal of the request may open, the governing regime's first."""
    book = current_book()
    return [one for regime in regimes_of(of, book) for one in _routes(regime.regime, book)]


def _routes(regime: str, book: RuleBook) -> Iterator[Route]:
    mine = [one for one in book.rules if regime in one.line_of_business]
    for duty in book.duties:
        if not (duty.opened_by in OPENINGS and duty.subject is not Subject.REQUEST):
            continue
        if duty.when is not When.ALWAYS:
            continue
        for stage, step in product(duty.stages, duty.steps):
            if rules := tuple(one for one in mine if stage in one.stage and step in one.step):
                yield Route(regime, stage, step, EventType(duty.opened_by), duty, rules)


def route_of(appeal: Appeal) -> Route | None:
    """The route that an appeal takes by its regime, stage and step."""
    named = (appeal.regime, appeal.stage, appeal.step)
    every = routes_of(appeal)
    return next((one for one in every if (one.regime, one.stage, one.step) == named), None)


def foreseen(
    appeal: Appeal, route: Route, *, information_complete_at: datetime | None = None
) -> Deadline:
    """The limit that the appeal's clock will have, before anything is kept. Raises ClockError."""
    book = current_book()
    zone = zone_of(appeal, book)
    started = ClockEvent(type=route.opened_by.value, at=appeal.received_at)
    clock = Clock(request=appeal.request, appeal=appeal, started_by=started, zone=zone)
    events = _facts(appeal, route, zone, information_complete_at)
    scope = find_scope(clock, route.duty, events, book)
    others = others_of(appeal, route.duty, scope, events, zone, book)
    return compute(scope, events, zone, others=others, book=book)


def _facts(
    appeal: Appeal, route: Route, zone: str, information_complete_at: datetime | None
) -> list[Event]:
    receipt = EventType.RECEIVED.value
    received = [one for one in about(standing(appeal.request), None) if one.type == receipt]
    meetings = tuple(date.fromisoformat(one) for one in appeal.meeting_dates)
    own = [Event(route.opened_by, appeal.received_at, meeting_dates=meetings)]
    if information_complete_at is not None:
        own.append(Event(EventType.NECESSARY_INFORMATION_RECEIVED, information_complete_at))
    return [*(as_event(one, zone) for one in received[-1:]), *own]


def unanswered(appeal: Appeal, route: Route, column: str) -> str:
    """The engine's sentence about what the route's limit depends on and is not said."""
    book = current_book()
    zone = zone_of(appeal, book)
    scope = next(scopes_of(appeal, route.duty, regime=route.regime))
    scope = replace(scope, stage=route.stage, step=route.step)
    if column == "item_kind":
        scope = replace(scope, item_kind="")
    else:
        scope = replace(scope, appeal_levels=None)
    try:
        rule_for([scope], _facts(appeal, route, zone, None), zone, book)
    except ClockError as error:
        return str(error)
    return ""


def require_route(appeal: Appeal) -> Route:
    """The appeal's route. Raises NoRule where the tables have none of its name."""
    if route := route_of(appeal):
        return route
    named = f"{appeal.regime}, {appeal.stage}, {appeal.step}".replace("_", " ")
    raise NoRule(f"No rule of this case is about an appeal there ({named}).")
