"""Does a service need prior authorization or notification: the list's answer, with its row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateField, F, Min, Q, TextField

from policies.authorization import sentences
from policies.authorization.precedence import (
    Choice,
    Coverage,
    choose,
    completions,
    may_fit,
    rank,
)
from policies.authorization.sentences import ListScope
from policies.models import AuthorizationRule, LineOfBusiness, Requirement
from policies.models.authorization import in_force
from policies.models.code_tables import COVER
from policies.prepared import AnyOf, Prepared, PreparedModels, Slot
from policies.reading import codes, document
from policies.reading.codes import Membership

_HOLDING = (Membership.EXACT, Membership.RANGE)
_ICD_10_CM = "ICD-10-CM"


class Outcome(StrEnum):
    """What kind of answer it is."""

    GOVERNED = "governed"  # a row says it
    CONTRADICTED = "contradicted"  # rows of equal rank say different things
    DEPENDS = "depends"  # on something that is not stated
    NOT_LISTED = "not_listed"
    NO_LIST = "no_list"  # nothing is loaded, or nothing of that day


@dataclass(frozen=True, slots=True)
class Authorization:
    """What a code needs on a day, the row that says so, and the other rows that hold the code.

    No requirement: it depends, or the list does not say; `sentence` tells which.
    """

    outcome: Outcome
    requirement: Requirement | None
    rule: AuthorizationRule | None
    sentence: str
    others: tuple[AuthorizationRule, ...] = ()


class Rows:
    """The rows of the list that hold some codes on any day: one query.

    What else the list holds is asked once more, where a code is not on it.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = tuple(dict.fromkeys(codes.normalise(key) for key in keys))
        self._scopes: dict[date, ListScope] = {}

    @cached_property
    def found(self) -> list[AuthorizationRule]:
        if not self.keys:
            return []
        return rules_of(self.keys)

    def of(self, key: str) -> list[AuthorizationRule]:
        """The rows that hold a key; a key that is also a diagnosis is read as the service."""
        possible = codes.systems_of(key)
        systems = [one for one in possible if one != _ICD_10_CM] or possible
        return [rule for rule in self.found if rule.system in systems and _holds(rule, key)]

    def needed(self, key: str, *, on: date, coverage: Coverage) -> Authorization:
        """The answer for one of the keys."""
        key = codes.normalise(key)
        meant = [rule for rule in self.of(key) if rule.is_in_force(on)]
        fitting = [rule for rule in meant if may_fit(rule, coverage)]
        display = codes.dotted(key) if codes.systems_of(key) == (_ICD_10_CM,) else key
        if not fitting:
            return self._absent(key, display, on, coverage)
        return _answer(display, fitting, coverage)

    def _absent(self, key: str, display: str, on: date, coverage: Coverage) -> Authorization:
        held = self._scope(on)
        if not held.rows:
            said = sentences.no_list(display, on, held)
            return Authorization(Outcome.NO_LIST, None, None, said)
        near = sorted(
            (rule for rule in self.of(key) if not rule.is_withdrawn),
            key=lambda rule: (not may_fit(rule, coverage), abs(rule.valid_from - on)),
        )
        said = sentences.not_listed(display, coverage, on, near, held)
        return Authorization(Outcome.NOT_LISTED, None, None, said, tuple(near))

    def _scope(self, on: date) -> ListScope:
        if on not in self._scopes:
            self._scopes[on] = list_scope(on)
        return self._scopes[on]


def authorization_needed(
    key: str, *, on: date, line_of_business: str = "", plan: str = "", state: str = ""
) -> Authorization:
    """What a code needs on a day. What is not stated of the coverage is not guessed."""
    coverage = Coverage(line_of_business, plan, state)
    return Rows([key]).needed(key, on=on, coverage=coverage)


def authorizations_needed(
    keys: Sequence[str],
    *,
    on: date,
    line_of_business: str = "",
    plan: str = "",
    state: str = "",
) -> dict[str, Authorization]:
    """The answers for many codes, by the keys as given, from one query."""
    rows, coverage = Rows(keys), Coverage(line_of_business, plan, state)
    return {key: rows.needed(key, on=on, coverage=coverage) for key in keys}


def by_line_of_business(
    key: str, on: date, *, plan: str = "", state: str = ""
) -> dict[LineOfBusiness, Authorization]:
    """The answers for every line of business, from one query."""
    rows = Rows([key])
    return {
        line: rows.needed(key, on=on, coverage=Coverage(line, plan, state))
        for line in LineOfBusiness
    }


def rules_holding(key: str) -> list[AuthorizationRule]:
    """The rows that hold a code, by itself or in a range, on any day; one query."""
    return Rows([key]).of(codes.normalise(key))


def rules_of(keys: Sequence[str]) -> list[AuthorizationRule]:
    """What `AuthorizationRule.objects.holding()` finds, with the sources."""
    prefixes = {key[:length] for key in keys for length in range(1, len(key) + 1)}
    systems = {system for key in keys for system in codes.systems_of(key)}
    rules = []
    for rule, source in _holding().ask(
        keys=list(keys), prefixes=sorted(prefixes), systems=sorted(systems)
    ):
        rule.source = source
        rules.append(rule)
    return rules


@cache
def _holding() -> PreparedModels:
    texts = ArrayField(TextField())
    held = Q(cover__overlap=Slot("prefixes", texts)) | Q(AnyOf(F("lower"), Slot("keys", texts)))
    within = AnyOf(F("system"), Slot("systems", texts))
    rules = AuthorizationRule.objects.alias(cover=COVER).filter(held, within)
    return PreparedModels(rules, "source")


def list_scope(on: date) -> ListScope:
    """What the list holds on a day."""
    told = _scope().ask(on=on)
    held = [kinds for *kinds, _ in told if kinds[-1]]
    sources, systems, lines, states = ({one[place] for one in held} for place in range(4))
    return ListScope(
        rows=sum(one[-1] for one in held),
        sources=tuple(sorted(sources)),
        systems=tuple(sorted(systems)),
        lines_of_business=tuple(sorted(lines - {""})),
        states=tuple(sorted(states - {""})),
        is_for_every_line="" in lines,
        is_for_every_state="" in states,
        begins_on=None if held else min((first for *_, first in told), default=None),
    )


@cache
def _scope() -> Prepared:
    """Each kind of row: how many are in force on a day, and the first day of any."""
    kinds = ("source__name", "system", "line_of_business", "state")
    held = Count("pk", filter=in_force(Slot("on", DateField())))
    rules = AuthorizationRule.objects.order_by().values_list(*kinds)
    return Prepared(rules.annotate(rows=held, first=Min("valid_from")))


def _answer(display: str, rules: Sequence[AuthorizationRule], coverage: Coverage) -> Authorization:
    """The answer of rows that speak of the coverage, or may: the same for all it can be, or not."""
    choices = {one: choose(rules, one) for one in completions(rules, coverage)}
    met = [one for one in choices.values() if one]
    governing = sorted({one.rule.pk: one.rule for one in met}.values(), key=rank, reverse=True)
    said = {one.rule.requirement if one else None for one in choices.values()}
    missing = _missing(choices)
    torn = [one for one in met if one.against]
    if len(said) > 1:
        may_be_absent = None in said
        told = sentences.depends(display, governing, missing, may_be_absent=may_be_absent)
        told += sentences.contradiction(torn[0].rule, torn[0].against) if torn else ""
        return Authorization(Outcome.DEPENDS, None, None, told, tuple(governing))
    rule = torn[0].rule if torn else governing[-1]  # of several, the one for the most people
    others = tuple(one for one in rules if one.pk != rule.pk)
    requirement = Requirement(rule.requirement)
    if torn:
        told = sentences.contradicted(display, rule, torn[0].against)
        return Authorization(Outcome.CONTRADICTED, requirement, rule, told, others)
    if len(governing) > 1:
        told = sentences.agreed(display, [rule, *governing[:-1]], missing)
    else:
        told = sentences.governed(display, rule, others)
    return Authorization(Outcome.GOVERNED, requirement, rule, told, others)


def _missing(choices: dict[Coverage, Choice | None]) -> list[str]:
    """The names of what is not stated and makes a difference to which row governs."""
    names = {"line_of_business": "line of business", "plan": "plan", "state": "state"}
    missing = []
    for field, name in names.items():
        met = {getattr(one, field) for one in choices}
        if len(met) > 1 and _matters(field, choices):
            missing.append(name)
    return missing


def _matters(field: str, choices: dict[Coverage, Choice | None]) -> bool:
    """Whether two coverages that differ in this field alone come to different rows."""
    by_rest: dict[tuple[str, ...], set[int | None]] = {}
    for coverage, choice in choices.items():
        rest = tuple(
            getattr(coverage, one) for one in ("line_of_business", "plan", "state") if one != field
        )
        by_rest.setdefault(rest, set()).add(choice.rule.pk if choice else None)
    return any(len(rules) > 1 for rules in by_rest.values())


def _holds(rule: AuthorizationRule, key: str) -> bool:
    if not rule.lower[: len(key)] <= key <= rule.upper:  # most are far off, of many codes asked
        return False
    return codes.membership(key, document.CodeSpan(rule.low, rule.high, False, False)) in _HOLDING
