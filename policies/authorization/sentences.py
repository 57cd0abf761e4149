"""What an answer from the authorization list says, in whole sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from policies.authorization.precedence import Coverage, is_inside, scope
from policies.models import AuthorizationRule, LineOfBusiness, Requirement
from policies.wording import line_of_business, listed

_NEEDED = {
    Requirement.PRIOR_AUTHORIZATION: "Prior authorization is required",
    Requirement.NOTIFICATION: "Notification is required",
    Requirement.NOT_REQUIRED: "No authorization is required",
}
_FEW = 2
ABSENCE = "Whether a code that is not listed needs authorization is for the plan's document to say."


@dataclass(frozen=True, slots=True)
class ListScope:
    """What the whole list holds on a day. Empty: no row names one."""

    rows: int
    sources: tuple[str, ...]
    systems: tuple[str, ...]
    lines_of_business: tuple[str, ...]
    states: tuple[str, ...]
    is_for_every_line: bool
    is_for_every_state: bool
    begins_on: date | None  # the first day of any row; None: there is no list

    @property
    def sentence(self) -> str:
        """ "The list of that day has 42 rows of CPT and HCPCS codes, for every ..." """
        if self.is_for_every_line or len(self.lines_of_business) == len(LineOfBusiness):
            lines = "every line of business"
        else:
            lines = listed([line_of_business(one) for one in self.lines_of_business])
        where = "" if self.is_for_every_state else f" in {listed(self.states)}"
        rows = "1 row" if self.rows == 1 else f"{self.rows:,} rows"
        sources = listed([f"“{one}”" for one in self.sources])
        return (
            f"The list of that day has {rows} of {listed(self.systems)} codes, for {lines}{where},"
            f" from {sources}."
        )


def governed(display: str, rule: AuthorizationRule, others: Sequence[AuthorizationRule]) -> str:
    """What a row says, and which rows that say otherwise it goes before."""
    weaker = [one for one in others if one.requirement != rule.requirement]
    said = [f"{weakness(one, rule)} says {_lower(one)}" for one in weaker[:_FEW]]
    if len(weaker) > _FEW:
        said.append(f"{len(weaker) - _FEW} more say otherwise")
    told = f"; {'; '.join(said)}" if said else ""
    return f"{needed(rule)} for {display} ({terms(rule)}), by {named(rule)}{told}."


def contradicted(
    display: str, rule: AuthorizationRule, against: Sequence[AuthorizationRule]
) -> str:
    """Rows of equal rank say different things: the stricter is shown, and that it is."""
    first = f"{needed(rule)} for {display} ({terms(rule)}), by {named(rule)}."
    return f"{first}{contradiction(rule, against)}"


def contradiction(rule: AuthorizationRule, against: Sequence[AuthorizationRule]) -> str:
    """What to add where rows contradict the one that is shown."""
    said = "; ".join(f"{named(one)} says {_lower(one)}" for one in against)
    return (
        f" The list contradicts itself: {said}, and neither is more specific than"
        f" {named(rule)}. The stricter is shown; correct the list."
    )


def agreed(display: str, rules: Sequence[AuthorizationRule], missing: Sequence[str]) -> str:
    """Several rows govern, each for its own, and say the same."""
    first, *others = rules
    more = "1 more row" if len(others) == 1 else f"{len(others)} more rows"
    return (
        f"{needed(first)} for {display} whatever the {listed(missing)}, by {named(first)}"
        f" ({terms(first)}) and {more}."
    )


def depends(
    display: str,
    rules: Sequence[AuthorizationRule],
    missing: Sequence[str],
    *,
    may_be_absent: bool,
) -> str:
    """The rows of which one will govern, the most specific first."""
    said = [f"{_lower(rule)} by {named(rule)} ({terms(rule)})" for rule in rules]
    if may_be_absent:
        said.append(f"else {display} is not on the list")
    verb = "is" if len(missing) == 1 else "are"
    return (
        f"What {display} needs depends on the {listed(missing)}, which {verb} not stated:"
        f" {'; '.join(said)}."
    )


def not_listed(
    display: str,
    coverage: Coverage,
    on: date,
    near: Sequence[AuthorizationRule],
    held: ListScope,
) -> str:
    """No row speaks of the code: which rows nearly do, and what the list holds at all."""
    whose = _whose(coverage)
    told = [f"{display} is not on the authorization list{whose} on {on}."]
    told += [_nearly(rule, on) for rule in near[:_FEW]]
    return " ".join([*told, held.sentence, ABSENCE])


def no_list(display: str, on: date, held: ListScope) -> str:
    """There is nothing to ask."""
    if held.begins_on is None:
        return f"No authorization list is loaded, so nothing says whether {display} needs any."
    return (
        f"No row of the authorization list is in force on {on}, so nothing says whether {display}"
        f" needs any. The first row begins on {held.begins_on}."
    )


def needed(rule: AuthorizationRule) -> str:
    """ "Prior authorization is required" """
    return _NEEDED[Requirement(rule.requirement)]


def named(rule: AuthorizationRule) -> str:
    """ "row 97545 - 97546 of “2026 authorization list”" """
    return f"row {rule.printed} of “{rule.source}”"


def terms(rule: AuthorizationRule) -> str:
    """For whom and when: "Medicaid managed care, TX; from 2026-01-01"."""
    return f"{whom(rule)}; {days(rule)}"


def whom(rule: AuthorizationRule) -> str:
    """ "every line of business, plan Oak, TX" """
    line = line_of_business(rule.line_of_business) or "every line of business"
    plan = f"plan {rule.plan}" if rule.plan else ""
    return ", ".join(one for one in (line, plan, rule.state) if one)


def days(rule: AuthorizationRule) -> str:
    """ "from 2026-01-01", "2025-01-01 to 2025-12-31" """
    if rule.valid_to is None:
        return f"from {rule.valid_from}"
    if rule.is_withdrawn:
        return f"withdrawn before {rule.valid_from}"
    return f"{rule.valid_from} to {rule.valid_to}"


def weakness(rule: AuthorizationRule, governing: AuthorizationRule) -> str:
    """A row that does not govern, by what makes it give way."""
    if is_inside(governing, rule):
        return f"the wider row {rule.printed}"
    if scope(rule) < scope(governing):
        return f"the row {rule.printed} for {whom(rule)}"
    return f"the row {rule.printed} that began on {rule.valid_from}"


def _nearly(rule: AuthorizationRule, on: date) -> str:
    what = f"Row {rule.printed} of “{rule.source}” says {_lower(rule)}"
    if on < rule.valid_from:
        return f"{what} for {whom(rule)}, but only from {rule.valid_from}."
    if not rule.is_in_force(on):
        return f"{what} for {whom(rule)}, but it ended on {rule.valid_to}."
    return f"{what}, but only for {whom(rule)}."


def _whose(coverage: Coverage) -> str:
    line = line_of_business(coverage.line_of_business)
    plan = f"plan {coverage.plan}" if coverage.plan else ""
    parts = [one for one in (line, plan, coverage.state) if one]
    return f" for {', '.join(parts)}" if parts else ""


def _lower(rule: AuthorizationRule) -> str:
    return str(rule.get_requirement_display()).lower()
