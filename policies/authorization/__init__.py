"""The authorization list: what a service needs beforehand, and which row says so."""

from policies.authorization.asking import (
    Authorization,
    Outcome,
    Rows,
    authorization_needed,
    authorizations_needed,
    by_line_of_business,
    list_scope,
    rules_holding,
)
from policies.authorization.overlaps import overlapping
from policies.authorization.precedence import Coverage, is_inside
from policies.authorization.sentences import ListScope, whom

__all__ = [
    "Authorization",
    "Coverage",
    "ListScope",
    "Outcome",
    "Rows",
    "authorization_needed",
    "authorizations_needed",
    "by_line_of_business",
    "is_inside",
    "list_scope",
    "overlapping",
    "rules_holding",
    "whom",
]
