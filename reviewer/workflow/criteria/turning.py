"""What would change a verdict: the fewest other answers that turn it.

What was answered "not applicable" is taken as settled. A list whose statements differ turns by what
is said of the list itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import Final

from reviewer.workflow.criteria.result import (
    OPPOSITE,
    UNKNOWN,
    Answers,
    Node,
    Value,
    Verdict,
    asks_what_follows,
    evaluate,
    given,
)

MOST: Final = 100  # ways that are looked at; more of one size tell a reader nothing
Way = frozenset[tuple[int, Value]]  # statements, each with the answer it would have
Ways = list[Way]  # all of one size, the smallest there is; none where nothing leads there
STANDS: Final[Ways] = [frozenset()]


@dataclass(frozen=True, slots=True)
class Turning:
    """The fewest answers that would make the verdict met, and those that would make it not met."""

    to_met: tuple[Way, ...]
    to_not_met: tuple[Way, ...]


def turning(roots: Sequence[Node], answers: Answers) -> Turning:
    """How an undecided verdict may fall, or how a decided one would turn."""
    result = evaluate(roots, answers)
    values = result.values
    counted = [one for one in roots if values[one.key] is not Value.NOT_APPLICABLE]
    has_conditions = any(not one.excludes for one in roots)
    can_be_met = counted and (not has_conditions or any(not one.excludes for one in counted))

    def towards(value: Value) -> list[Ways]:
        """Of each topmost statement, what makes it speak for the service or against it."""
        return [
            _ways(one, OPPOSITE[value] if one.excludes else value, answers, values)
            for one in counted
        ]

    is_met, is_not_met = result.verdict == Verdict.MET, result.verdict == Verdict.NOT_MET
    to_met = _every(towards(Value.MET)) if can_be_met and not is_met else []
    to_not_met = [] if is_not_met else _fewest(towards(Value.NOT_MET))
    return Turning(tuple(to_met), tuple(to_not_met))


def _ways(node: Node, wanted: Value, answers: Answers, values: Mapping[int, Value]) -> Ways:
    """The smallest sets of answers that give a statement the wanted value."""
    if values[node.key] is wanted:
        return STANDS
    if not node.children or asks_what_follows(node, values):
        return [frozenset({(node.key, wanted)})]
    own = given(answers, node)
    by_own: Ways = [frozenset({(node.key, wanted)})]
    by_list = _by_list(node, wanted, answers, values)
    if own is Value.UNANSWERED:
        return by_list
    if wanted is Value.NOT_MET:
        return _fewest([by_list, by_own])
    return _every([by_list, by_own if own in UNKNOWN | {Value.NOT_MET} else STANDS])


def _by_list(node: Node, wanted: Value, answers: Answers, values: Mapping[int, Value]) -> Ways:
    """What the statements under it must be; as many of them as its rule asks for."""
    counted = [one for one in node.children if values[one.key] is not Value.NOT_APPLICABLE]
    needed = node.needed(len(counted))
    if node.rule == "none":
        wanted = OPPOSITE[wanted]
    as_many = needed if wanted is Value.MET else len(counted) - needed + 1
    if node.is_open_list:  # all of them, one way or the other
        as_many = len(counted)
    options = [
        _ways(one, wanted if one.excludes == node.excludes else OPPOSITE[wanted], answers, values)
        for one in counted
    ]
    return _so_many([one for one in options if one], as_many)


def _so_many(options: Sequence[Ways], as_many: int) -> Ways:
    """The cheapest so many of the options, together."""
    if not 0 < as_many <= len(options):
        return []
    by_size = sorted(options, key=_size)
    dearest = _size(by_size[as_many - 1])
    taken = [one for one in by_size if _size(one) < dearest]
    left = [one for one in by_size if _size(one) == dearest]
    chosen = combinations(left, as_many - len(taken))
    return _limited(way for some in chosen for way in _every([*taken, *some]))


def _every(options: Sequence[Ways]) -> Ways:
    """A way through all of them."""
    if not all(options):
        return []
    return _limited(frozenset().union(*ways) for ways in product(*options))


def _fewest(options: Iterable[Ways]) -> Ways:
    """The smallest ways through one of them."""
    possible = [one for one in options if one]
    least = min(map(_size, possible), default=0)
    return _limited(way for one in possible if _size(one) == least for way in one)


def _size(ways: Ways) -> int:
    return len(ways[0])


def _limited(ways: Iterable[Way]) -> Ways:
    return list(islice(ways, MOST))
