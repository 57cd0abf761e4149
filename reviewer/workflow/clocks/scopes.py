"""Which rows of the tables a request or an appeal is under: the plan's words put into theirs."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from policies.models import LineOfBusiness
from reviewer.clocks import (
    Event,
    NoRule,
    OtherRule,
    Regime,
    RegimeRole,
    Role,
    Rule,
    RuleBook,
    Scope,
    regimes_for,
    zone_for,
)
from reviewer.clocks.duties import Duty
from reviewer.clocks.events import Timeline
from reviewer.clocks.selection import knows, select
from reviewer.models import Appeal, Channel, Request, ReviewType, Urgency
from reviewer.time import local_day
from reviewer.workflow.rule_book import book as current_book

Subject = Request | Appeal
REVIEW_TYPES: Final = {
    ReviewType.PROSPECTIVE: "pre_service",
    ReviewType.CONCURRENT: "concurrent",
    ReviewType.RETROSPECTIVE: "post_service",
}
# What a case is about where nobody says otherwise: `item_kinds` of the request or the appeal.
ITEM_KINDS: Final = {
    "medicare_advantage": "item_subject_to_prior_auth",
    "integrated_dsnp": "item_subject_to_prior_auth",
    "medicaid_mco": "service",
    "new_york": "service",
    "texas": "not_hospitalized",
}
OF_APPEALS: Final = {"medicare_advantage": "item_or_service", "integrated_dsnp": "item_or_service"}
PAYMENT: Final = {"medicare_advantage": "payment"}
TOLD_BY_THE_CASE: Final = ("washington", "ncqa")  # by its channel, by its line of business
GOVERNMENT: Final = (
    LineOfBusiness.MEDICARE_ADVANTAGE,
    LineOfBusiness.INTEGRATED_DSNP,
    LineOfBusiness.MEDICAID,
)
BY_COMPUTER: Final = (Channel.PORTAL, Channel.ELECTRONIC)
# The step of the first appeal, where it is not “decision”.
APPEAL_STEPS: Final = {
    "medicare_advantage": "reconsideration",
    "integrated_dsnp": "reconsideration",
    "medicaid_mco": "plan_appeal",
}
APPEAL_DECISION, DECISION = "appeal_decision", "decision"
EXTENSION: Final = "extension"
DECISIONS: Final = (DECISION, APPEAL_DECISION)
APPEAL_LEVELS: Final = 1  # a plan that has two levels halves some limits: Appeal.plan_levels
SHAPE: Final = ("line_of_business", "stage", "step", "review_type")


def request_of(of: Subject) -> Request:
    return of.request if isinstance(of, Appeal) else of


def appeal_of(of: Subject) -> Appeal | None:
    return of if isinstance(of, Appeal) else None


def regimes_of(of: Subject, book: RuleBook) -> tuple[Regime, ...]:
    """Whose rules count: the governing ones first."""
    request = request_of(of)
    found = regimes_for(
        book,
        line_of_business=request.line_of_business,
        jurisdiction=request.jurisdiction,
        plan=request.coverage.plan,
        on=local_day(of.received_at),
    )
    if isinstance(of, Appeal) and of.regime:  # it may be under another than its request
        named = sorted(found, key=lambda one: one.regime != of.regime)
        if named[0].regime == of.regime:
            return tuple(named)
        return (replace(found[0], regime=of.regime), *found[1:])
    return found


def governing_regime(of: Subject) -> str:
    """Whose rules the case is under. Raises ClockError where the tables do not say."""
    return regimes_of(of, current_book())[0].regime


def duty_with_rule(duty: Duty, book: RuleBook) -> Duty:
    """The duty whose limit it goes by; commonly itself."""
    return book.duty(duty.as_duty) if duty.as_duty else duty


def zone_of(of: Subject, book: RuleBook) -> str:
    request = request_of(of)
    return zone_for(
        book,
        line_of_business=request.line_of_business,
        jurisdiction=request.jurisdiction,
        plan=request.coverage.plan,
        default=settings.TIME_ZONE,
    )


def scopes_of(of: Subject, duty: Duty, *, regime: str, urgency: str = "") -> Iterator[Scope]:
    """What the rule of a duty is asked by under a regime, at every stage and step that may have
    it."""
    review_type = review_type_of(of)
    levels = of.plan_levels or APPEAL_LEVELS if isinstance(of, Appeal) else None
    for stage, step in product(*_places(of, duty, regime)):
        yield Scope(
            line_of_business=regime,
            stage=stage,
            step=step,
            review_type=review_type,
            urgency=urgency or urgency_of(of.urgency, review_type),
            item_kind=item_kind_of(of, regime),
            appeal_levels=levels,
        )


def review_type_of(of: Subject) -> str:
    """The table's word for the review; an appeal comes before the service or after it."""
    review_type = REVIEW_TYPES[ReviewType(request_of(of).review_type)]
    is_between = isinstance(of, Appeal) and review_type == "concurrent"
    return "pre_service" if is_between else review_type


def _places(of: Subject, duty: Duty, regime: str) -> tuple[Iterable[str], Iterable[str]]:
    """Stages and steps; an appeal names its own where the duty leaves it the choice.

    A request that says when an approved course ends asks to extend it: such rules come first.
    """
    if isinstance(of, Request) and of.course_ends_at is not None:
        return sorted(duty.stages, key=lambda stage: stage != EXTENSION), duty.steps
    if not isinstance(of, Appeal) or of.stage not in duty.stages or of.step not in duty.steps:
        return duty.stages, duty.steps
    step = of.step
    if of.stage == APPEAL_DECISION and (regime != of.regime or step == DECISION):
        step = APPEAL_STEPS.get(regime, DECISION)
    return (of.stage,), (step,)


def urgency_of(urgency: str, review_type: str) -> str:
    """What was already done is not urgent: 29 CFR 2560.503-1(m)(1) speaks of care to come."""
    return Urgency.STANDARD.value if review_type == "post_service" else urgency


def item_kind_of(of: Subject, regime: str) -> str:
    """What kind of item a regime's rules take the case for, as it was said or by default."""
    return str(of.item_kinds.get(regime) or usual_kind_of(of, regime))


def usual_kind_of(of: Subject, regime: str) -> str:
    """The kind where nobody says otherwise; empty where the rules tell none apart."""
    request = request_of(of)
    if isinstance(of, Appeal) and regime in OF_APPEALS:
        is_after = request.review_type == ReviewType.RETROSPECTIVE
        return PAYMENT.get(regime, OF_APPEALS[regime]) if is_after else OF_APPEALS[regime]
    if regime == "washington":
        return "electronic_request" if of.channel in BY_COMPUTER else "non_electronic_request"
    if regime == "ncqa":
        is_public = request.line_of_business in GOVERNMENT
        return "medicare_or_medicaid" if is_public else "commercial"
    return ITEM_KINDS.get(regime, "")


def rule_for(scopes: Iterable[Scope], events: Iterable[Event], zone: str, book: RuleBook) -> Scope:
    """The first of the scopes that a row fits.

    Raises NoRule with the sentence of the one that comes closest, SeveralRules where more than
    one row fits.
    """
    case_zone = ZoneInfo(zone)
    timeline = Timeline.of(events, case_zone, case_zone, None)
    closest: tuple[bool, NoRule] | None = None
    for scope in scopes:
        try:
            select(book, scope, timeline)
        except NoRule as error:
            is_close = any(_is_like(rule, scope) for rule in book.rules)
            if closest is None or is_close > closest[0]:
                closest = is_close, error
        else:
            return scope
    raise closest[1] if closest else NoRule("The duty names no stage and no step.")


def _is_like(rule: Rule, scope: Scope) -> bool:
    return all(
        not (accepted := rule.alternatives(column)) or scope.value(column) in accepted
        for column in SHAPE
    )


def others_of(
    of: Subject,
    duty: Duty,
    scope: Scope,
    events: list[Event],
    zone: str,
    book: RuleBook,
) -> list[OtherRule]:
    """The rows of the other regimes for the same duty; one without such a row does not join."""
    case_zone = ZoneInfo(zone)
    timeline = Timeline.of(events, case_zone, case_zone, None)
    found = []
    for regime in regimes_of(of, book):
        if regime.regime == scope.line_of_business:
            continue
        asked = scopes_of(of, duty, regime=regime.regime, urgency=scope.urgency)
        if rule := _first_rule(asked, timeline, book):
            role = Role.TARGET if regime.role == RegimeRole.TARGET else Role.BINDING
            found.append(OtherRule(rule.rule_id, role))
    return found


def _first_rule(scopes: Iterable[Scope], timeline: Timeline, book: RuleBook) -> Rule | None:
    for scope in scopes:
        if knows(book, scope):
            try:
                return select(book, scope, timeline)
            except NoRule:
                continue
    return None
