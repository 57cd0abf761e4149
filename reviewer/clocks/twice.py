"""Two rows that could fit one case are refused when the book is made, not when a case comes."""

from collections import defaultdict
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from reviewer.clocks.errors import WrongRow
from reviewer.clocks.regimes import Regime, RegimeRole
from reviewer.clocks.rules import Rule

if TYPE_CHECKING:
    from reviewer.clocks.book import RuleBook

COLUMNS = ("stage", "step", "review_type", "urgency", "item_kind", "appeal_levels")


def refuse_two_for_one_case(book: "RuleBook") -> None:
    """Raises WrongRow with the second row, and says which other one fits the same case."""
    by_line = defaultdict(list)
    for rule in book.rules:
        for line in rule.line_of_business:
            by_line[line].append(rule)
    for rules in by_line.values():
        for one, other in combinations(rules, 2):
            if _may_both_fit(one, other):
                why = f"it fits the same cases as {one.rule_id}; let only one of them apply"
                raise WrongRow("rules", other.rule_id, "rule_id", why)
    _refuse_double_regimes(book)
    seen: dict[tuple[str, str, str], str] = {}
    for zone in book.zones:
        case = (zone.line_of_business, zone.jurisdiction, zone.plan)
        if case in seen:
            raise WrongRow("zones", zone.id, "id", f"row {seen[case]} is for the same cases")
        seen[case] = zone.id


def _may_both_fit(one: Rule, other: Rule) -> bool:
    if one.condition and other.condition and one.condition != other.condition:
        return False
    for column in COLUMNS:
        here, there = one.alternatives(column), other.alternatives(column)
        if here and there and not set(here) & set(there):
            return False
    return one.applies_by != other.applies_by or _overlap(one, other)


def _refuse_double_regimes(book: "RuleBook") -> None:
    selected = [one for one in book.regimes if one.role is RegimeRole.SELECTED]
    for one, other in combinations(selected, 2):
        if _case(one) == _case(other) and _overlap(one, other):
            raise WrongRow(
                "regimes", other.id, "id", f"row {one.id} is selected for the same cases"
            )


def _case(one: Regime) -> tuple[str, str, str]:
    return one.line_of_business, one.jurisdiction, one.plan


def _overlap(one: Rule | Regime, other: Rule | Regime) -> bool:
    starts = max(one.applies_from or date.min, other.applies_from or date.min)
    return starts <= min(one.applies_to or date.max, other.applies_to or date.max)
