"""When a decision is due: the plan's words put into the rule table's, and the answer kept."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings

from policies.models import LineOfBusiness
from reviewer.clocks import (
    ClockError,
    Deadline,
    Event,
    EventType,
    NoRule,
    Scope,
    compute,
    decision_due,
)
from reviewer.models import Appeal, Request, ReviewType, Urgency
from reviewer.time import local_day


@dataclass(frozen=True, slots=True)
class Due:
    """A limit with its rule; everything is empty where no rule states one."""

    at: datetime | None = None
    rule: str = ""
    citation: str = ""

    @classmethod
    def by(cls, deadline: Deadline) -> "Due":
        return cls(deadline.due_at, deadline.applied_rule_id, deadline.citation)


# Group plans go by ERISA's rules, and so does other cover by 45 CFR 147.136(b)(2)(i), (b)(3)(i).
REGIMES: Final = {
    LineOfBusiness.COMMERCIAL_INSURED: "erisa",
    LineOfBusiness.COMMERCIAL_SELF_FUNDED: "erisa",
    LineOfBusiness.MARKETPLACE: "erisa",
    LineOfBusiness.MEDICARE_ADVANTAGE: "medicare_advantage",
    LineOfBusiness.INTEGRATED_DSNP: "integrated_dsnp",
    LineOfBusiness.MEDICAID: "medicaid_mco",
}
REVIEW_TYPES: Final = {
    ReviewType.PROSPECTIVE: "pre_service",
    ReviewType.CONCURRENT: "concurrent",
    ReviewType.RETROSPECTIVE: "post_service",
}
ITEM_KINDS: Final = {
    "medicare_advantage": "item_subject_to_prior_auth",
    "integrated_dsnp": "item_subject_to_prior_auth",
    "medicaid_mco": "service",
}
# The step of the first appeal, and what it is about before and after the service.
APPEALS: Final = {
    "erisa": ("decision", "", ""),
    "medicare_advantage": ("reconsideration", "item_or_service", "payment"),
    "integrated_dsnp": ("reconsideration", "item_or_service", "item_or_service"),
    "medicaid_mco": ("plan_appeal", "", ""),
}
APPEAL_LEVELS: Final = {"erisa": 1}  # a plan that has two levels halves its limits


def request_due(request: Request) -> Due:
    """When the decision on a request is due, from its receipt."""
    deadline = request_deadline(request)
    return Due.by(deadline) if deadline else Due()


def request_deadline(request: Request) -> Deadline | None:
    """The limit of the decision with its arithmetic; None where no rule states one."""
    regime = REGIMES[LineOfBusiness(request.line_of_business)]
    review_type = REVIEW_TYPES[ReviewType(request.review_type)]
    urgency = urgency_of(request.urgency, review_type)
    for kind in (review_type, "pre_service") if review_type == "concurrent" else (review_type,):
        try:
            deadline = decision_due(
                regime=regime,
                review_type=kind,
                urgency=urgency,
                item_kind=ITEM_KINDS.get(regime),
                received_at=request.received_at,
                zone=settings.TIME_ZONE,
                rating_period_start=rating_period_start(request.received_at),
            )
        except NoRule:
            continue
        except ClockError:
            return None
        return deadline
    return None


def appeal_due(appeal: Appeal) -> Due:
    """When the decision of an appeal is due, from its receipt."""
    request = appeal.request
    regime = REGIMES[LineOfBusiness(request.line_of_business)]
    review_type = REVIEW_TYPES[ReviewType(request.review_type)]
    step, before, after = APPEALS[regime]
    is_after = review_type == "post_service"
    scope = Scope(
        regime,
        "appeal_decision",
        step,
        review_type if is_after else "pre_service",
        urgency_of(appeal.urgency, review_type),
        after if is_after else before,
        APPEAL_LEVELS.get(regime),
    )
    try:
        received = Event(EventType.APPEAL_RECEIVED, appeal.received_at)
        return Due.by(compute(scope, [received], settings.TIME_ZONE))
    except ClockError:
        return Due()


def urgency_of(urgency: str, review_type: str) -> str:
    """What was already done is not urgent: 29 CFR 2560.503-1(m)(1) speaks of care to come."""
    return Urgency.STANDARD if review_type == "post_service" else urgency


def rating_period_start(received_at: datetime) -> date:
    """The Medicaid contract's year; the calendar's, until a plan says otherwise."""
    return local_day(received_at).replace(month=1, day=1)
