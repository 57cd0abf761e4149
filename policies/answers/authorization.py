"""The second answer: whether the plan's authorization list asks for one."""

from collections.abc import Sequence

from policies.answers.model import AskedCode, Said, Value
from policies.authorization import Authorization, Outcome, authorizations_needed
from policies.models import Requirement
from policies.resolver import Occasion

DIAGNOSIS = "Authorization is asked for services, not for diagnoses."
NO_DAY = "The date of service is not stated, so no row of the authorization list can be chosen."
_NEEDED = {
    Requirement.PRIOR_AUTHORIZATION: Value.YES,
    Requirement.NOTIFICATION: Value.NOTIFICATION,
    Requirement.NOT_REQUIRED: Value.NO,
}
_WITHOUT = {Outcome.DEPENDS: Value.CONDITIONAL, Outcome.CONTRADICTED: Value.CONFLICT}


def authorizations(
    codes: Sequence[AskedCode], occasion: Occasion, *, plan: str, is_for_diagnoses: bool
) -> list[Said]:
    """For each code, in their order; one query or two."""
    on = occasion.service_on
    if is_for_diagnoses or on is None:
        why = DIAGNOSIS if is_for_diagnoses else NO_DAY
        return [Said(Value.UNKNOWN, why) for _ in codes]
    needed = authorizations_needed(
        [one.key for one in codes],
        on=on,
        line_of_business=occasion.line_of_business,
        plan=plan,
        state=occasion.jurisdiction,
    )
    return [_said(needed[one.key]) for one in codes]


def _said(found: Authorization) -> Said:
    rules = (found.rule,) if found.rule else found.others
    if found.outcome is Outcome.GOVERNED and found.requirement:
        return Said(_NEEDED[found.requirement], found.sentence, rules=rules)
    value = _WITHOUT.get(found.outcome, Value.UNKNOWN)
    shown = rules if value is not Value.UNKNOWN else ()
    if found.outcome is Outcome.CONTRADICTED:
        shown = (*rules, *found.others)
    return Said(value, found.sentence, rules=shown)
