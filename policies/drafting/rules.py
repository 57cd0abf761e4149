"""How criteria combine, in words, and what the words of a criterion say of it."""

from collections.abc import Sequence

from policies.models import Rule
from policies.reading.criteria import connector, quantifier

Said = tuple[str, int | None]


def in_words(rule: str, at_least: int | None) -> str:
    """A rule as it is printed: "at least 2 of these"; "a plain list" where nothing is joined."""
    if rule == Rule.AT_LEAST:
        return f"at least {at_least} of these"
    return "a plain list" if rule == Rule.LIST else str(Rule(rule).label)


def rule_of_words(text: str, children: Sequence[str]) -> Said | None:
    """What the introducing words say, or else the connectors at the ends; None: nothing, or both
    “and” and “or”."""
    for line in reversed(text.split("\n")):
        stated = quantifier(line)
        if stated.is_logical:
            return stated.name, stated.at_least
    joins = {connector(one.split("\n")[-1]) for one in children[:-1]} - {""}
    joins = {"or" if one == "and/or" else one for one in joins}
    if len(joins) != 1:
        return None
    return ("any" if joins == {"or"} else "all"), None
