"""What comes after an appeal, by kind of coverage; periods are told as the rule table has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policies.models import LineOfBusiness
from reviewer.clocks import Rule
from reviewer.models import Appeal, AppealDecision, Determination
from reviewer.time import local_day
from reviewer.workflow.clocks.scopes import item_kind_of, review_type_of, urgency_of
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_book import book as current_book

Outcome = AppealDecision.Outcome


@dataclass(frozen=True, slots=True)
class Period:
    """Where the rule table states a period that a letter tells: regime, stage and step; an
    urgency where it is not the appeal's own."""

    regime: str
    stage: str
    step: str
    urgency: str = ""


@dataclass(frozen=True, slots=True)
class Rights:
    """A letter's part about what comes next, and the periods that it tells, by their names."""

    template: str
    periods: Mapping[str, Period]


EXTERNAL: Final = {
    "external": Period("aca_external", "external_review", "filing"),
    "external_fast": Period("aca_external", "external_review", "decision", "expedited"),
}
HEARING: Final = Period("medicaid_mco", "hearing_filing", "state_fair_hearing")
GROUP_PLAN: Final = Rights(
    "group_plan", {"second_level": Period("erisa", "appeal_filing", "second_level"), **EXTERNAL}
)
# The rights after an appeal that was not decided wholly for the member.
NEXT_RIGHTS: Final = {
    LineOfBusiness.COMMERCIAL_INSURED: GROUP_PLAN,
    LineOfBusiness.COMMERCIAL_SELF_FUNDED: GROUP_PLAN,
    LineOfBusiness.MARKETPLACE: Rights("marketplace", EXTERNAL),
    LineOfBusiness.MEDICARE_ADVANTAGE: Rights(
        "medicare_advantage",
        {
            "independent": Period("medicare_advantage", "appeal_decision", "ire"),
            "dismissal": Period("medicare_advantage", "appeal_filing", "reconsideration"),
        },
    ),
    LineOfBusiness.INTEGRATED_DSNP: Rights(
        "integrated_dsnp",
        {
            "hearing": HEARING,
            "continuation": Period("integrated_dsnp", "benefit_continuation", "request"),
        },
    ),
    LineOfBusiness.MEDICAID: Rights(
        "medicaid",
        {
            "hearing": HEARING,
            "continuation": Period("medicaid_mco", "benefit_continuation", "request"),
        },
    ),
}


def rights_after(decision: AppealDecision, holds: Determination) -> Rights | None:
    """What the letter tells of further steps; nothing where all that was asked for is approved."""
    if decision.outcome != Outcome.DISMISSED and not holds.is_adverse:
        return None
    return NEXT_RIGHTS[LineOfBusiness(decision.appeal.request.line_of_business)]


def has_second_level(appeal: Appeal) -> bool:
    return appeal.level < (appeal.plan_levels or 1)


def periods_of(rights: Rights, appeal: Appeal) -> dict[str, str]:
    """The periods in words, as the rules have them for the case. Raises Refused where one is
    missing: a letter that leaves it out would not tell the right."""
    found = {}
    for name, period in rights.periods.items():
        rule = next(_rules(period, appeal), None)
        if rule is None:
            where = f"{period.regime}, {period.stage}, {period.step}".replace("_", " ")
            raise Refused(
                f"The letter cannot say how long one has for the next step: no rule states it"
                f" ({where}). Have the rule entered."
            )
        found[name] = in_words(rule)
    return found


def _rules(period: Period, appeal: Appeal) -> Iterator[Rule]:
    review_type = review_type_of(appeal)
    asked = {
        "line_of_business": period.regime,
        "stage": period.stage,
        "step": period.step,
        "review_type": review_type,
        "urgency": period.urgency or urgency_of(appeal.urgency, review_type),
        "item_kind": item_kind_of(appeal, period.regime),
    }
    day = local_day(appeal.received_at)
    for rule in current_book().rules:
        accepted = ((rule.alternatives(name), value) for name, value in asked.items())
        if rule.covers(day) and all(not some or value in some for some, value in accepted):
            yield rule


def in_words(rule: Rule) -> str:
    """“4 months”, “72 hours”; with the days in which receipt is presumed, where they count from
    the date of a notice."""
    is_from_date = rule.presumed_from == "notice_dated"
    presumed = (rule.presumed_receipt_days or 0) if is_from_date else 0
    unit = str(rule.unit).replace("_", " ")
    return f"{(rule.number or 0) + presumed} {unit}"
