"""The limit that a request or an appeal will have, in the words of the page that enters it."""

from dataclasses import dataclass
from datetime import datetime

from reviewer.clocks import Deadline, RuleBook
from reviewer.views.clock_words import confidence_words, limit_words, regime_words, when
from reviewer.workflow.clocks.foreseeing import Foreseen


@dataclass(frozen=True, slots=True)
class RowTold:
    """A rule beside the one that governs. Without `due` its clock has not started."""

    rule: str
    whose: str
    limit: str
    due: str
    citation: str


@dataclass(frozen=True, slots=True)
class LimitTold:
    due: str
    rule: str
    whose: str
    limit: str
    citation: str
    doubt: str
    longest: str  # the limit if it is extended; empty where it cannot be
    extension: str
    others: tuple[RowTold, ...]


def limit_told(foreseen: Foreseen, book: RuleBook) -> LimitTold:
    deadline, rule, zone = foreseen.deadline, foreseen.rule, foreseen.zone
    then = foreseen.extended
    selected = book.rule(deadline.rule_id)
    is_moved = then is not None and then.due_at != deadline.due_at
    others = [book.rule(name) for name in deadline.by_rule if name != rule.rule_id]
    return LimitTold(
        due=when(deadline.due_at, zone),
        rule=rule.rule_id,
        whose=regime_words(rule),
        limit=limit_words(rule),
        citation=rule.citation,
        doubt=confidence_words(rule.confidence),
        longest=when(then.due_at, zone) if then and is_moved else "",
        extension=f"{selected.extension_number} {str(selected.extension_unit).replace('_', ' ')}",
        others=tuple(
            RowTold(
                one.rule_id,
                regime_words(one),
                limit_words(one),
                when(deadline.by_rule[one.rule_id], zone),
                one.citation,
            )
            for one in others
        ),
    )


@dataclass(frozen=True, slots=True)
class AppealLimitTold:
    """`beside` are the rules of other regimes for the same, each with its time."""

    due_at: datetime | None
    said: str
    citation: str
    doubt: str
    beside: tuple[tuple[str, datetime | None], ...]


def appeal_limit_told(deadline: Deadline, book: RuleBook) -> AppealLimitTold:
    applied = book.rule(deadline.applied_rule_id)
    return AppealLimitTold(
        due_at=deadline.due_at,
        said=applied.in_words,
        citation=deadline.citation,
        doubt=confidence_words(deadline.confidence),
        beside=tuple((one, at) for one, at in deadline.by_rule.items() if one != applied.rule_id),
    )
