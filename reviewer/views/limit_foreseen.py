"""The limit that a case will have, as its form says it before anything is entered."""

from dataclasses import dataclass
from datetime import datetime

from reviewer.clocks import Deadline
from reviewer.views.clock_words import confidence_words
from reviewer.workflow.rule_book import book


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`beside` are the rules of other regimes for the same, each with its time."""

    due_at: datetime | None
    rule: str
    said: str
    citation: str
    doubt: str
    beside: tuple[tuple[str, datetime | None], ...]


def limit_foreseen(deadline: Deadline | None) -> Foreseen | None:
    if deadline is None:
        return None
    applied = book().rule(deadline.applied_rule_id)
    others = [(one, at) for one, at in deadline.by_rule.items() if one != applied.rule_id]
    return Foreseen(
        due_at=deadline.due_at,
        rule=applied.rule_id,
        said=applied.in_words,
        citation=deadline.citation,
        doubt=confidence_words(deadline.confidence),
        beside=tuple(others),
    )
