"""What a request must say so that the rules it is under state a limit: asked at intake."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from reviewer.clocks import EventType, Rule, RuleBook
from reviewer.clocks.duties import Duty
from reviewer.clocks.rules import AppliesBy
from reviewer.models import Request
from reviewer.workflow.clocks.scopes import (
    DECISION,
    EXTENSION,
    TOLD_BY_THE_CASE,
    regimes_of,
    review_type_of,
    urgency_of,
    usual_kind_of,
)

NOTICE: Final = "notice"


@dataclass(frozen=True, slots=True)
class KindAsked:
    """The kinds of item that a regime's rules tell apart; the usual one first."""

    regime: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked of a case. `settled` is the kind where a regime has one for it."""

    kinds: tuple[KindAsked, ...] = ()
    settled: dict[str, str] = field(default_factory=dict)
    asks_course_end: bool = False
    needs_course_end: bool = False
    asks_rating_period: bool = False
    counts_from_complete: tuple[str, ...] = ()  # regimes

    @property
    def are_any(self) -> bool:
        return bool(
            self.kinds
            or self.asks_course_end
            or self.asks_rating_period
            or self.counts_from_complete
        )


def questions_of(request: Request, *, on: date, book: RuleBook) -> Questions:
    """What the regimes of a request ask, by its coverage, type, urgency and the kinds said so
    far. It need not be saved. Raises ClockError where no regime governs."""
    asked: list[KindAsked] = []
    settled: dict[str, str] = {}
    relevant: list[Rule] = []
    complete: list[str] = []
    course = False
    for one in regimes_of(request, book):
        kinds = kinds_of(request, one.regime, on=on, book=book)
        if one.regime in TOLD_BY_THE_CASE:
            kinds = ()
        if len(kinds) > 1:
            asked.append(KindAsked(one.regime, kinds))
        elif kinds:
            settled[one.regime] = kinds[0]
        rules = list(_of_its_kind(request, one.regime, kinds, on=on, book=book))
        relevant += rules
        if any(EventType.NECESSARY_INFORMATION_RECEIVED in rule.starts_on for rule in rules):
            complete.append(one.regime)
        course = course or _may_extend_a_course(request, one.regime, book)
    needs_end = any(rule.condition for rule in relevant)
    return Questions(
        kinds=tuple(asked),
        settled=settled,
        asks_course_end=course or needs_end,
        needs_course_end=needs_end,
        asks_rating_period=any(_by_rating_period(rule) for rule in relevant),
        counts_from_complete=tuple(complete),
    )


def kinds_of(request: Request, regime: str, *, on: date, book: RuleBook) -> tuple[str, ...]:
    """The kinds of item that a regime tells apart for a request, the usual one first.

    Where the limit of the decision is the same for all of them those of its notices count.
    """
    usual = usual_kind_of(request, regime)
    for rules in (
        decision_rules(request, regime, on=on, book=book),
        _notice_rules(request, regime, book),
    ):
        found = dict.fromkeys(kind for rule in rules for kind in rule.alternatives("item_kind"))
        if found:
            return tuple(sorted(found, key=lambda kind: kind != usual))
    return ()


def decision_rules(request: Request, regime: str, *, on: date, book: RuleBook) -> Iterator[Rule]:
    """The rules for the decision on such a request, whatever the kind of item."""
    duty = book.duty(DECISION)
    review_type = review_type_of(request)
    wanted = urgency_of(request.urgency, review_type)
    for rule in _rules_for(duty, regime, review_type, book):
        by_receipt = rule.applies_by is AppliesBy.RECEIPT_DATE
        if _accepts(rule, "urgency", wanted) and (rule.covers(on) or not by_receipt):
            yield rule


def _of_its_kind(
    request: Request, regime: str, kinds: Iterable[str], *, on: date, book: RuleBook
) -> Iterator[Rule]:
    """The rules that count for the kind that was said; for any of them until one is."""
    said = request.item_kinds.get(regime)
    for rule in decision_rules(request, regime, on=on, book=book):
        if said not in kinds or _accepts(rule, "item_kind", str(said)):
            yield rule


def _may_extend_a_course(request: Request, regime: str, book: RuleBook) -> bool:
    """Whether some limit goes by the end of a course, now or once urgency is raised, or is for
    longer courses alone beside one for all."""
    review_type = review_type_of(request)
    rules = list(_rules_for(book.duty(DECISION), regime, review_type, book))
    stages = {stage for rule in rules for stage in rule.stage}
    return any(rule.condition for rule in rules) or (EXTENSION in stages and len(stages) > 1)


def _rules_for(duty: Duty, regime: str, review_type: str, book: RuleBook) -> Iterator[Rule]:
    for rule in book.rules:
        if (
            regime in rule.line_of_business
            and {*rule.stage} & {*duty.stages}
            and {*rule.step} & {*duty.steps}
            and _accepts(rule, "review_type", review_type)
        ):
            yield rule


def _notice_rules(request: Request, regime: str, book: RuleBook) -> Iterator[Rule]:
    """Those of the notices about a request that a limit may be stated for."""
    review_type = review_type_of(request)
    steps = {step for duty in book.duties if NOTICE in duty.stages for step in duty.steps}
    for rule in book.rules:
        is_one = NOTICE in rule.stage and steps & {*rule.step}
        if (
            is_one
            and regime in rule.line_of_business
            and _accepts(rule, "review_type", review_type)
        ):
            yield rule


def _by_rating_period(rule: Rule) -> bool:
    return rule.has_dates and rule.applies_by is AppliesBy.RATING_PERIOD_START


def _accepts(rule: Rule, column: str, value: str) -> bool:
    accepted = rule.alternatives(column)
    return not accepted or value in accepted
