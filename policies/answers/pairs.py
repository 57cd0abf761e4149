"""What a version that names a service says of a diagnosis beside it.

Lists of diagnoses go with the services of the same scope. Where the service's scope has none of its
own, all lists of the version count: publishers head their lists of drugs and of diseases apart.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policies.answers.model import AskedCode, Follows, PairAnswer
from policies.answers.stances import NEGATIVE, in_words, is_opposed, name_of, scope_of
from policies.hits import Hit
from policies.look_up import OPEN_LIST
from policies.models import CodeGroup, Stance
from policies.reading.codes import Membership
from policies.wording import listed

# "All procedures", "All indications": not a subject of its own.
_FOR_ALL = re.compile(r"all (?:the )?\w+", re.IGNORECASE)
NEGATIVE_FIRST = [Follows.NOT_COVERED, Follows.EXPERIMENTAL]


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of diagnoses of one version."""

    groups: Sequence[CodeGroup]

    def beside(self, scopes: Iterable[str]) -> list[CodeGroup]:
        """Those that go with services of these scopes."""
        wanted = set(scopes)
        if "" in wanted or not any(_scope(one) in wanted for one in self.groups):
            return list(self.groups)
        return [one for one in self.groups if _is_for(one, wanted)]


def pair(
    diagnosis: AskedCode, service: Sequence[Hit], hits: Sequence[Hit], lists: Lists
) -> PairAnswer:
    """`hits` are the rows of the same version (or versions) that name the diagnosis."""
    scopes = {scope_of(hit) for hit in service}
    beside = lists.beside(scopes)
    counted = {one.pk for one in beside}
    apt = [hit for hit in hits if hit.facts.group_id in counted]
    is_open = any(one.is_open_list for one in beside)
    if not hits:
        follows, words = Follows.NOT_NAMED, _not_named(diagnosis, beside, is_open=is_open)
    elif not apt:
        follows, words = Follows.DEPENDS, _elsewhere(diagnosis, hits, scopes)
    else:
        follows, words = _together(service, apt)
    sentence = f"{name_of(service[0])} names {service[0].asked} as {_stances(service)}. {words}"
    return PairAnswer(diagnosis, tuple(hits), follows, sentence, is_open)


def outcome(service: str, diagnosis: str) -> Follows:
    """What follows for two stances: the more restrictive one, for a diagnosis does not change that
    a service is excluded, and related codes are named for context only."""
    if service in (Stance.RELATED, Stance.UNKNOWN) or diagnosis == Stance.RELATED:
        return Follows(service)
    order = [
        Stance.EXPERIMENTAL, Stance.NOT_COVERED, Stance.UNKNOWN, Stance.COVERED_IF_CRITERIA_MET,
        Stance.COVERED,
    ]  # fmt: skip
    if service in NEGATIVE:
        return Follows(service)
    return Follows(min(Stance(service), Stance(diagnosis), key=order.index))


def _together(service: Sequence[Hit], hits: Sequence[Hit]) -> tuple[Follows, str]:
    asked = hits[0].asked
    named = f"It names {asked}, {_how(hits)}, as {_stances(hits)}"
    whole = [hit for hit in hits if hit.membership is not Membership.PARTLY]
    outcomes = {outcome(one.facts.stance, two.facts.stance) for one in service for two in whole}
    if len(outcomes) > 1:
        outcomes.discard(Follows.RELATED)
    brackets = _brackets([*service, *hits])
    if not whole:
        return Follows.DEPENDS, f"{named}: only some of the codes below it stand there.{brackets}"
    if is_opposed(str(one) for one in outcomes):
        is_told_apart = bool(brackets) or len({scope_of(hit) for hit in [*service, *whole]}) > 1
        why = "scope and brackets decide" if is_told_apart else "the two do not go together"
        follows = Follows.DEPENDS if is_told_apart else Follows.CONFLICT
        return follows, f"{named}: {why}.{brackets}"
    order = [*NEGATIVE_FIRST, *(one for one in Follows if one not in NEGATIVE_FIRST)]
    return min(outcomes, key=order.index), f"{named}.{_scopes(hits)}{brackets}"


def _not_named(diagnosis: AskedCode, lists: Sequence[CodeGroup], *, is_open: bool) -> str:
    said = f"It does not name {diagnosis.display}."
    if not lists:
        return f"{said} It lists no diagnoses."
    if not is_open:
        return f"{said} Its lists of diagnoses do not say that they are open."
    stances = in_words(one.stance for one in lists if one.is_open_list)
    return f"{said} Its list of diagnoses that are {stances} is open. {OPEN_LIST}"


def _elsewhere(diagnosis: AskedCode, hits: Sequence[Hit], scopes: Iterable[str]) -> str:
    where = listed(sorted({f"“{scope_of(hit)}”" for hit in hits}))
    own = listed(sorted(f"“{one}”" for one in scopes))
    return (
        f"It names {diagnosis.display} as {_stances(hits)} only under {where}, while the service"
        f" stands under {own}."
    )


def _stances(hits: Iterable[Hit]) -> str:
    return in_words(hit.facts.stance for hit in hits)


def _how(hits: Iterable[Hit]) -> str:
    return listed(list(dict.fromkeys(hit.sentence for hit in hits)))


def _scopes(hits: Iterable[Hit]) -> str:
    scopes = [one for one in dict.fromkeys(scope_of(hit) for hit in hits) if one]
    return f" It stands under {listed([f'“{one}”' for one in scopes])}." if scopes else ""


def _brackets(hits: Iterable[Hit]) -> str:
    notes = list(dict.fromkeys(note for hit in hits for note in hit.facts.brackets))
    return f" Brackets: {' '.join(f'[{note}]' for note in notes)}." if notes else ""


def _scope(group: CodeGroup) -> str:
    return group.scope.rstrip(" :")


def _is_for(group: CodeGroup, scopes: set[str]) -> bool:
    scope = _scope(group)
    return not scope or scope in scopes or _FOR_ALL.fullmatch(scope) is not None
