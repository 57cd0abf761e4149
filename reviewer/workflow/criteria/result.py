"""What the answers to a version's statements come to, by the logic that its text states.

A statement without statements under it has the value that a person gave it. Above, the values
combine: a value that is not known yet (unclear or unanswered) leaves the whole unknown unless no
answer to it could matter. What is *not applicable* is left out of the count, with all that stands
under it; where nothing is left, the whole is not applicable.

What the text leaves open is decided so:

- *A list without logic of its own* is a set of statements each of which is looked at. It is met
  where "all of these" and "any of these" would both say so, and not met likewise. Where they would
  differ, nobody but a person says what follows: the list asks for an answer of its own.
- *The versions' topmost statements* stand each for itself: all that concern the case are met, and
  no exclusion applies. One about something else is answered "not applicable".
- *An exclusion* is met when it applies, and then the service is not covered. What is only listed
  under it excludes one by one, and so does what a topmost one lists ("each of the following is
  experimental").
- *Words that introduce a list* may state something themselves ("age 18 or older, and all of the
  following"). An answer to them counts beside what the list comes to; without one they say no more
  than their list. "Not applicable" sets them aside with the list.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Value(StrEnum):
    """A finding, or none yet."""

    MET = "met"
    NOT_MET = "not_met"
    UNCLEAR = "unclear"
    UNANSWERED = "unanswered"
    NOT_APPLICABLE = "not_applicable"


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNDECIDED = "undecided"


OPPOSITE: Final = {Value.MET: Value.NOT_MET, Value.NOT_MET: Value.MET}
UNKNOWN: Final = frozenset({Value.UNCLEAR, Value.UNANSWERED})
Answers = Mapping[int, Value]


@dataclass(frozen=True, slots=True)
class Node:
    """A statement; `excludes` where meeting it means that the service is not covered."""

    key: int
    rule: str = "list"  # all | any | at_least | none | list
    at_least: int | None = None
    excludes: bool = False
    children: tuple["Node", ...] = ()

    @property
    def is_open_list(self) -> bool:
        """Whether its text leaves open how the statements under it combine."""
        return bool(self.children) and self.rule == "list" and not self.excludes

    def needed(self, applicable: int) -> int:
        """How many of so many statements make it met (for "none": make it not met)."""
        if self.rule == "at_least":
            return self.at_least or 1
        return applicable if self.rule == "all" else 1


@dataclass(frozen=True, slots=True)
class Result:
    """`open`: what nobody has answered. `hanging`: of what is open or unclear, that on which the
    verdict hangs. `conditions`: what the statements to be met come to, `exclusions`: the others."""

    verdict: Verdict
    values: Mapping[int, Value]
    open: tuple[int, ...]
    unclear: tuple[int, ...]
    hanging: tuple[int, ...]
    conditions: Value
    exclusions: Value


def evaluate(roots: Sequence[Node], answers: Answers) -> Result:
    """The verdict of a version's statements, and the value of each."""
    values: dict[int, Value] = {}
    for root in roots:
        _fill(root, answers, values)
    conditions = all_of(values[one.key] for one in roots if not one.excludes)
    exclusions = any_of(values[one.key] for one in roots if one.excludes)
    verdict = _verdict(roots, conditions, exclusions)
    in_play = list(_in_play(roots, values))
    hanging = roots if verdict is Verdict.UNDECIDED else ()
    return Result(
        verdict=verdict,
        values=values,
        open=tuple(
            one.key
            for one in in_play
            if given(answers, one) is Value.UNANSWERED and asks_for_answer(one, values)
        ),
        unclear=tuple(one.key for one in in_play if given(answers, one) is Value.UNCLEAR),
        hanging=tuple(key for root in hanging for key in _hanging(root, values)),
        conditions=conditions,
        exclusions=exclusions,
    )


def given(answers: Answers, node: Node) -> Value:
    """What a person answered to a statement itself."""
    return answers.get(node.key, Value.UNANSWERED)


def _verdict(roots: Sequence[Node], conditions: Value, exclusions: Value) -> Verdict:
    """Something is met, unless there is nothing to be met, and no exclusion applies."""
    if Value.NOT_MET is conditions or Value.MET is exclusions:
        return Verdict.NOT_MET
    is_free = exclusions in (Value.NOT_MET, Value.NOT_APPLICABLE)
    has_conditions = any(not one.excludes for one in roots)
    fits = conditions is Value.MET or not has_conditions
    return Verdict.MET if roots and is_free and fits else Verdict.UNDECIDED


def _fill(node: Node, answers: Answers, values: dict[int, Value]) -> Value:
    under = [seen_from(node, one, _fill(one, answers, values)) for one in node.children]
    values[node.key] = _value(node, given(answers, node), under)
    return values[node.key]


def _value(node: Node, own: Value, under: Sequence[Value]) -> Value:
    if own is Value.NOT_APPLICABLE or not node.children:
        return own
    value = _listed(own, under) if node.is_open_list else _combined(node, under)
    if value is Value.NOT_APPLICABLE or own is Value.UNANSWERED:
        return value
    return all_of([own, value])


def _listed(own: Value, under: Sequence[Value]) -> Value:
    """Where "all of these" and "any of these" agree, that; else what a person says of the list."""
    every, some = all_of(under), any_of(under)
    if every is some:
        return every
    return Value.UNANSWERED if Value.UNANSWERED in under else own


def _combined(node: Node, under: Sequence[Value]) -> Value:
    counted = applicable(under)
    value = reach(counted, node.needed(len(counted)))
    return OPPOSITE.get(value, value) if node.rule == "none" else value


def seen_from(parent: Node, child: Node, value: Value) -> Value:
    """A child's value as its parent counts it: an exclusion under a condition is met by not
    applying."""
    return value if parent.excludes == child.excludes else OPPOSITE.get(value, value)


def applicable(values: Iterable[Value]) -> list[Value]:
    return [one for one in values if one is not Value.NOT_APPLICABLE]


def all_of(values: Iterable[Value]) -> Value:
    counted = applicable(values)
    return reach(counted, len(counted))


def any_of(values: Iterable[Value]) -> Value:
    return reach(applicable(values), 1)


def reach(counted: Sequence[Value], needed: int) -> Value:
    """Whether so many are met; not applicable where there are none to count."""
    if not counted:
        return Value.NOT_APPLICABLE
    met = counted.count(Value.MET)
    if met >= needed:
        return Value.MET
    if met + sum(one in UNKNOWN for one in counted) < needed:
        return Value.NOT_MET
    return Value.UNANSWERED if Value.UNANSWERED in counted else Value.UNCLEAR


def _in_play(nodes: Iterable[Node], values: Mapping[int, Value]) -> Iterator[Node]:
    """Every statement but those under one that was set aside."""
    for node in nodes:
        yield node
        if values[node.key] is not Value.NOT_APPLICABLE:
            yield from _in_play(node.children, values)


def asks_for_answer(node: Node, values: Mapping[int, Value]) -> bool:
    """Whether a statement is for a person to answer, not only what stands under it."""
    return not node.children or asks_what_follows(node, values)


def asks_what_follows(node: Node, values: Mapping[int, Value]) -> bool:
    """Whether a list was looked at and its statements differ, so that a person says the rest."""
    under = [seen_from(node, one, values[one.key]) for one in node.children]
    is_looked_at = node.is_open_list and Value.UNANSWERED not in under
    return is_looked_at and all_of(under) is not any_of(under)


def _hanging(node: Node, values: Mapping[int, Value]) -> Iterator[int]:
    """On which answers an unknown value hangs."""
    if values[node.key] not in UNKNOWN:
        return
    below = [key for one in node.children for key in _hanging(one, values)]
    if asks_what_follows(node, values) or not below:
        yield node.key
    else:
        yield from below
