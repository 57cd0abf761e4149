"""The differences of the text: each pair of statements with its fate and its changes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from policies.comparison import effects
from policies.comparison.editions import Edition, Statement
from policies.comparison.effects import Change, Effect
from policies.comparison.pairing import Pair, Pairing
from policies.comparison.words import (
    Run,
    but_connector,
    differing,
    is_reworded,
    redline,
    whole,
)
from policies.models import StanceType

# Under a list that denies, and under one that grants: words after which it may do the opposite.
_TURNS_EXCLUSION = re.compile(
    r"\b(?:except|unless|other than|not apply|not exclud\w*|(?:is|are) covered"
    r"|medically necessary (?:when|if))\b",
    re.IGNORECASE,
)
_TURNS_CONDITION = re.compile(
    r"\b(?:except|unless|contraindicat\w*|not (?:\w+ )?(?:medically necessary|covered|eligible)"
    r"|experimental|unproven|exclu\w*|discontinu\w*|den(?:y|ied))\b",
    re.IGNORECASE,
)
_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_QUANTIFIERS = ["all", "any", "both", "each", "either", "every", "of", "the", "at", "least"]
_QUANTITIES = frozenset([*_NUMBERS, *_QUANTIFIERS, "or", "more"])


@dataclass(frozen=True, slots=True)
class Row:
    """One pair on the page. Without runs on a side, the statement is not in that version."""

    fate: str  # kept | edited | reworded | logic | moved | split | joined | new | gone
    kind: str
    is_criterion: bool
    depth: int
    section: int | None  # its place among the newer version's sections; None where gone
    old_section: int | None
    anchors: tuple[str, str]
    places: tuple[str, str]
    before: tuple[tuple[Run, ...], ...]
    after: tuple[tuple[Run, ...], ...]
    note: str
    changes: tuple[Change, ...]


class Statements:
    """Everything that the rules need to judge a pair."""

    def __init__(self, before: Edition, after: Edition) -> None:
        self.before = before
        self.after = after
        self.pairing = Pairing(before, after)

    def rows(self) -> list[Row]:
        return [self._row(pair) for pair in self.pairing.pairs]

    def _row(self, pair: Pair) -> Row:
        fate, note, changes = self._judged(pair)
        old, new = pair.before, pair.after
        shown = (new or old)[0]
        before, after = _sides(old, new)
        return Row(
            fate=fate,
            kind=shown.kind,
            is_criterion=shown.criterion is not None,
            depth=shown.depth,
            section=new[0].section if new else None,
            old_section=old[0].section if old else None,
            anchors=(old[0].anchor if old else "", new[0].anchor if new else ""),
            places=(" and ".join(it.place for it in old), " and ".join(it.place for it in new)),
            before=before,
            after=after,
            note=note,
            changes=tuple(changes),
        )

    def _judged(self, pair: Pair) -> tuple[str, str, list[Change]]:
        """The fate, what stands under it, and the changes."""
        if not pair.before or not pair.after:
            return self._come_or_gone(pair)
        if not pair.is_one_to_one:
            is_split = len(pair.after) > 1
            words = f"one statement was split in {_number(pair.after)}"
            words = words if is_split else f"{_number(pair.before)} were joined to one"
            reason = self._reason(pair)
            change = _only(reason) if reason else Change(Effect.READ, words)
            return ("split" if is_split else "joined"), "", [change]
        old, new = pair.before[0], pair.after[0]
        changes = self._logic(old, new)
        fate = "logic" if changes else "kept"
        worded = _wording(old, new, logic_changed=bool(changes))
        moved = self._moved(pair)
        changes += worded + moved
        if old.ground != new.ground and old.words == new.words:
            changes.append(Change(Effect.READ, _grounds(old, new)))
        if worded and fate == "kept":
            fate = "edited" if worded[0].effect == Effect.EDITORIAL else "reworded"
        elif moved and fate == "kept":
            fate = "moved"
        if changes and (reason := self._reason(pair)):
            changes = [_only(reason)]
        note = f"was {old.place}" if old.place != new.place else ""
        return fate, note, changes

    def _come_or_gone(self, pair: Pair) -> tuple[str, str, list[Change]]:
        is_added = bool(pair.after)
        one = (pair.after or pair.before)[0]
        fate = "new" if is_added else "gone"
        if reason := self._reason(pair):
            return fate, "", [_only(reason)]
        sides = self.pairing.of_new if is_added else self.pairing.of_old
        above = sides.get(one.parent)
        if above and not (above.before and above.after):  # counted with the criterion above
            return fate, f"with {(above.after or above.before)[0].place}", []
        return fate, "", [self._membership(one, is_added=is_added)]

    def _membership(self, one: Statement, *, is_added: bool) -> Change:
        edition = self.after if is_added else self.before
        above = edition.criteria.get(one.parent)
        if one.criterion is None or one.kind != "item":
            return Change(Effect.READ, "added" if is_added else "gone")
        if above is not None and not self._has_kept_its_rule(one.parent, is_added=is_added):
            verb = "added" if is_added else "gone"
            return Change(Effect.READ, f"{verb} where the logic of the list changed too")
        return effects.of_statement(
            is_added=is_added,
            rule=above.rule if above else "list",
            at_least=above.at_least if above else None,
            ground=one.ground if above is None else "",
            direction=self._direction(one, edition),
        )

    def _has_kept_its_rule(self, parent: str, *, is_added: bool) -> bool:
        """Whether its siblings combine as before, but for the number of them that is asked for."""
        sides = self.pairing.of_new if is_added else self.pairing.of_old
        pair = sides.get(parent)
        old = pair.before[0].anchor if pair and pair.before else parent
        new = pair.after[0].anchor if pair and pair.after else parent
        was, is_ = self.before.criteria.get(old), self.after.criteria.get(new)
        return was is not None and is_ is not None and was.rule == is_.rule

    def _direction(self, one: Statement, edition: Edition, *, of_its_list: bool = False) -> int:
        """1 where more conditions ask for more, -1 in an exclusion, 0 where words may turn it.

        Of a statement among its siblings, or of the list under it.
        """
        is_exclusion = one.ground in {
            StanceType.BENEFIT_EXCLUSION,
            StanceType.EXPERIMENTAL,
            StanceType.COSMETIC,
        }
        if one.ground == StanceType.ADMINISTRATIVE:
            return 0
        above = list(edition.above(one.anchor))
        if of_its_list and one.criterion:
            above.insert(0, one.criterion)
        said = [criterion.text for criterion in above]
        if not edition.parents.get(one.anchor):
            said.append(_introduction(one, edition))
        turns = _TURNS_EXCLUSION if is_exclusion else _TURNS_CONDITION
        if any(turns.search(text) for text in said):
            return 0
        flips = sum(criterion.rule == "none" for criterion in above[1:])
        return 1 if is_exclusion == bool(flips % 2) else -1

    def _logic(self, old: Statement, new: Statement) -> list[Change]:
        was, is_ = old.criterion, new.criterion
        if was is None or is_ is None or not (was.children or is_.children):
            return []
        before, after = (was.rule, was.at_least), (is_.rule, is_.at_least)
        if before == after:
            return []
        own = [criterion.rule for criterion in (was, is_)]
        direction = self._direction(new, self.after, of_its_list=True) if "none" not in own else 0
        return [effects.of_logic(before, after, direction=direction)]

    def _moved(self, pair: Pair) -> list[Change]:
        new = pair.after[0]
        if self.pairing.is_elsewhere(pair):
            return [Change(Effect.READ, f"moved from {self._where(pair.before[0])}")]
        if new.anchor not in self.pairing.reordered:
            return []
        above = self.after.criteria.get(new.parent)
        if above and above.rule != "list":
            return [Change(Effect.EDITORIAL, "only its place in the list changed")]
        return [Change(Effect.READ, f"moved from {pair.before[0].place}")]

    def _where(self, old: Statement) -> str:
        return f"“{self.before.headings[old.section].title}”, {old.place}"

    def _reason(self, pair: Pair) -> str:
        """Why a change here is editorial, where every side stands in such a section."""
        reasons = {self.before.headings[one.section].reason for one in pair.before}
        reasons |= {self.after.headings[one.section].reason for one in pair.after}
        return reasons.pop() if len(reasons) == 1 else ""


def _number(some: Sequence[Statement]) -> str:
    return _NUMBERS[len(some) - 1] if len(some) <= len(_NUMBERS) else str(len(some))


def _only(reason: str) -> Change:
    return Change(Effect.EDITORIAL, f"only the {reason} changed")


def _introduction(one: Statement, edition: Edition) -> str:
    """What stands above an item's list in its section."""
    for other in reversed(edition.statements[: one.position]):
        if other.section != one.section:
            break
        if other.kind != "item" and other.depth < one.depth:
            return other.text
    return ""


def _wording(old: Statement, new: Statement, *, logic_changed: bool) -> list[Change]:
    if old.words == new.words:
        if old.text.split() == new.text.split():
            return []
        return [Change(Effect.EDITORIAL, "only white space or punctuation changed")]
    differ = differing(old.words, new.words)
    if logic_changed and all(word in _QUANTITIES or word.isdigit() for word in differ):
        return []
    if not is_reworded(old.words, new.words):
        return [Change(Effect.EDITORIAL, "only the connector at its end came or went")]
    if but_connector(old.words) == but_connector(new.words):
        return [Change(Effect.READ, "the connector at its end became another")]
    return [Change(Effect.READ, "reworded")]


def _grounds(old: Statement, new: Statement) -> str:
    named = [StanceType(one.ground).label.lower() if one.ground else "none" for one in (old, new)]
    return f"the ground on which it speaks was “{named[0]}” and is “{named[1]}”"


def _sides(
    old: Sequence[Statement], new: Sequence[Statement]
) -> tuple[tuple[tuple[Run, ...], ...], tuple[tuple[Run, ...], ...]]:
    """Both sides as passages of runs; where two stand against one, their words are compared."""
    if not old or not new:
        marked = tuple(whole(one.text, is_changed=True) for one in (old or new))
        return (marked, ()) if old else ((), marked)
    lines = redline(_text(old), _text(new))
    return _at_breaks(lines.before, old), _at_breaks(lines.after, new)


BREAK = "\ue000"  # a sign of no writing: where one of several statements ends


def _text(some: Sequence[Statement]) -> str:
    return BREAK.join(one.text for one in some)


def _at_breaks(runs: Sequence[Run], some: Sequence[Statement]) -> tuple[tuple[Run, ...], ...]:
    """Runs of several statements, cut where one ends."""
    if len(some) == 1:
        return (tuple(runs),)
    sides: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split(BREAK)
        sides[-1] += whole(first, is_changed=run.is_changed)
        for text in others:
            sides.append(list(whole(text, is_changed=run.is_changed)))
    return tuple(tuple(side) for side in sides)
