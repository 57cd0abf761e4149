"""The limit that a request will have, in the words of the page on which it is entered."""

from dataclasses import dataclass

from reviewer.clocks import RuleBook
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
