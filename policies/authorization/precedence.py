"""Which row of the authorization list governs: the most specific, in this order.

1. One code before a range; of two ranges, the one that lies inside the other.
2. A row for the plan before one for the state, before one for the line of business, before none.
3. The row that begins later.

Rows that are still equal and say different things contradict each other; the stricter governs.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product

from policies.models import AuthorizationRule, LineOfBusiness, Requirement

ANOTHER = "\0"  # a plan or state that no row names: Postgres stores no such character
_STRICTNESS = {
    Requirement.PRIOR_AUTHORIZATION: 2,
    Requirement.NOTIFICATION: 1,
    Requirement.NOT_REQUIRED: 0,
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whose service it is. Empty: not stated."""

    line_of_business: str = ""
    plan: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The row that governs, and the rows of equal rank that say something else."""

    rule: AuthorizationRule
    against: tuple[AuthorizationRule, ...] = ()


def choose(rules: Collection[AuthorizationRule], coverage: Coverage) -> Choice | None:
    """The row that governs among those that hold a code on a day."""
    fitting = [rule for rule in rules if fits(rule, coverage)]
    if not fitting:
        return None
    narrow = [rule for rule in fitting if not any(is_inside(one, rule) for one in fitting)]
    highest = max(rank(rule) for rule in narrow)
    equal = [rule for rule in narrow if rank(rule) == highest]
    equal.sort(key=lambda rule: _STRICTNESS[Requirement(rule.requirement)], reverse=True)
    first = equal[0]
    return Choice(first, tuple(one for one in equal if one.requirement != first.requirement))


def fits(rule: AuthorizationRule, coverage: Coverage) -> bool:
    """Whether a row speaks of a coverage: what the row names is what the coverage is."""
    return all(named in ("", is_) for named, is_ in _dimensions(rule, coverage))


def may_fit(rule: AuthorizationRule, coverage: Coverage) -> bool:
    """Whether a row could speak of a coverage once all of it is stated."""
    return all(not is_ or named in ("", is_) for named, is_ in _dimensions(rule, coverage))


def completions(rules: Sequence[AuthorizationRule], coverage: Coverage) -> list[Coverage]:
    """What a coverage may turn out to be, as far as it makes a difference to these rows."""
    lines = {rule.line_of_business for rule in rules} - {""}
    plans = {plain(rule.plan) for rule in rules} - {""}
    states = {rule.state for rule in rules} - {""}
    other_line = {ANOTHER} if len(lines) < len(LineOfBusiness) else set()
    every = product(
        [coverage.line_of_business] if coverage.line_of_business else sorted(lines | other_line),
        [coverage.plan] if coverage.plan else sorted({ANOTHER, *plans}),
        [coverage.state] if coverage.state else sorted({ANOTHER, *states}),
    )
    return [Coverage(*one) for one in every]


def is_inside(one: AuthorizationRule, other: AuthorizationRule) -> bool:
    """Whether the codes of one row are some, and not all, of the other's."""
    is_within = other.lower <= one.lower and one.upper <= other.upper
    return is_within and (one.lower, one.upper) != (other.lower, other.upper)


def rank(rule: AuthorizationRule) -> tuple[bool, bool, bool, int]:
    """Higher is more specific, between rows whose codes decide nothing."""
    return *scope(rule), rule.valid_from.toordinal()


def scope(rule: AuthorizationRule) -> tuple[bool, bool, bool]:
    """Whether a row names a plan, a state and a line of business."""
    return bool(rule.plan), bool(rule.state), bool(rule.line_of_business)


def plain(name: str) -> str:
    """The name of a plan as it is compared: capitals and spaces make no difference."""
    return " ".join(name.split()).casefold()


def _dimensions(rule: AuthorizationRule, coverage: Coverage) -> tuple[tuple[str, str], ...]:
    return (
        (rule.line_of_business, coverage.line_of_business),
        (plain(rule.plan), plain(coverage.plan)),
        (rule.state, coverage.state.upper()),
    )
