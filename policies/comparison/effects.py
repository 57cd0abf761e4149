"""The classes of a change, and the rules by which a change is put into one.

A rule speaks only where the structure says which way a change goes. Everything else is to be read.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from policies.models import Stance


class Effect(StrEnum):
    """What a change does to the requests that the bulletin governs."""

    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    SCOPE = "scope"
    READ = "read it"
    EDITORIAL = "editorial"

    @property
    def turned(self) -> "Effect":
        """The opposite: what asks for more inside an exclusion makes it exclude less."""
        opposite = {Effect.TIGHTENED: Effect.LOOSENED, Effect.LOOSENED: Effect.TIGHTENED}
        return opposite.get(self, self)


@dataclass(frozen=True, slots=True)
class Override:
    """What a person said of a change against the rule that classed it."""

    by_rule: Effect
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: its class, and the rule that put it there, in words.

    With an `override` the class is that of a person; the rule's own stands in it.
    """

    effect: Effect
    words: str
    key: str = ""
    override: Override | None = None

    @property
    def sentence(self) -> str:
        """ "tightened: a criterion was added to “all of these”"; what is unclear says so last."""
        if self.effect == Effect.READ:
            return f"{self.words}: read it"
        return f"{self.effect}: {self.words}"


# What one more statement does under a rule, and what such a statement is called.
_ONE_MORE = {
    "all": (Effect.TIGHTENED, "a criterion"),
    "any": (Effect.LOOSENED, "an alternative"),
    "at_least": (Effect.LOOSENED, "a choice"),
    "none": (Effect.TIGHTENED, "a condition"),
}
# An item in a list that excludes, by the ground of the list.
_EXCLUDED = {
    "benefit_exclusion": "what is excluded",
    "experimental": "what is called experimental",
    "cosmetic": "what is called cosmetic",
}
_OTHER_RULES = (
    (Effect.TIGHTENED, "from “any” over “at least so many” to “all of these”: more is asked for"),
    (Effect.LOOSENED, "from “all” over “at least so many” to “any of these”: less is asked for"),
    (Effect.TIGHTENED, "a code or part of a range moved towards “not covered” or “experimental”"),
    (Effect.LOOSENED, "a code or part of a range moved towards “covered”"),
    (Effect.SCOPE, "lines of business, jurisdictions or the subject of a table of codes changed"),
    (Effect.EDITORIAL, "only white space or punctuation changed"),
    (Effect.EDITORIAL, "only the background, the references, the history or a date of review"),
    (Effect.EDITORIAL, "only an “and” or “or” at the end of an item came or went"),
    (Effect.EDITORIAL, "only the order within “all”, “any”, “at least” or “none” changed"),
    (Effect.READ, "everything else: nothing but reading tells what it does"),
)
# From what denies to what grants. A code that is not listed stands where a related one does.
_GRANTS = {
    Stance.NOT_COVERED: 0,
    Stance.EXPERIMENTAL: 0,
    Stance.UNKNOWN: 1,
    Stance.RELATED: 1,
    Stance.COVERED_IF_CRITERIA_MET: 2,
    Stance.COVERED: 3,
}


def in_words(rule: str, at_least: int | None) -> str:
    """A rule as the page prints it: “all of these”, “at least 2 of these”."""
    names = {"all": "all of these", "any": "any of these", "none": "none of these"}
    return f"at least {at_least} of these" if rule == "at_least" else names.get(rule, "a list")


def of_statement(
    *, is_added: bool, rule: str, at_least: int | None, ground: str, direction: int
) -> Change:
    """A statement that came or went. `rule` joins it with its siblings, "list" for no logic;
    `direction`: 1 among conditions, -1 among the conditions of an exclusion, 0 not known."""
    verb = "was added to" if is_added else "is gone from"
    if direction and rule in _ONE_MORE:
        effect, noun = _ONE_MORE[rule]
        effect = effect if is_added else effect.turned
        words = f"{noun} {verb} “{in_words(rule, at_least)}”"
        if direction > 0:
            return Change(effect, words)
        return Change(effect.turned, f"{words} of an exclusion")
    if direction < 0 and ground in _EXCLUDED:
        words = f"a statement {verb} {_EXCLUDED[ground]}"
        return Change(Effect.TIGHTENED if is_added else Effect.LOOSENED, words)
    return Change(Effect.READ, "added" if is_added else "gone")


def of_logic(
    before: tuple[str, int | None], after: tuple[str, int | None], *, direction: int
) -> Change:
    """How statements combine: any of them, so many, all; more of them tightens."""
    words = f"“{in_words(*before)}” became “{in_words(*after)}”"
    asked, asks = _demand(*before), _demand(*after)
    if not direction or asked is None or asks is None or asked == asks:
        return Change(Effect.READ, words)
    effect = Effect.TIGHTENED if asks > asked else Effect.LOOSENED
    if direction < 0:
        return Change(effect.turned, f"{words} of an exclusion")
    return Change(effect, words)


def of_code(before: str | None, after: str | None) -> Change:
    """A code that came (no stance before), went (none after) or changed its stance."""
    was, is_ = _GRANTS[Stance(before or "related")], _GRANTS[Stance(after or "related")]
    if before is None:
        words = f"a code was added to “{stance_in_words(after)}”"
    elif after is None:
        words = f"a code is gone from “{stance_in_words(before)}”"
    else:
        words = f"a code moved from “{stance_in_words(before)}” to “{stance_in_words(after)}”"
    return Change(_by_grant(was, is_), words)


def of_range(stance: str, *, has_more: bool, has_less: bool) -> Change:
    """A range whose bounds moved under one stance."""
    where = f"“{stance_in_words(stance)}”"
    if has_more and has_less:
        return Change(Effect.READ, f"codes came into a range of {where}, and others left it")
    if not has_more and not has_less:
        return Change(Effect.EDITORIAL, f"a range of {where} is printed otherwise")
    grant = _GRANTS[Stance(stance)]
    words = f"a range of {where} was {'widened' if has_more else 'narrowed'}"
    return Change(_by_grant(1, grant) if has_more else _by_grant(grant, 1), words)


def rules_in_words() -> list[tuple[Effect, str]]:
    """Every rule as the page states it."""
    lists = [
        of_statement(is_added=is_added, rule=rule, at_least=2, ground="", direction=1)
        for rule in _ONE_MORE
        for is_added in (True, False)
    ]
    exclusions = [
        of_statement(is_added=is_added, rule="list", at_least=None, ground=ground, direction=-1)
        for ground in _EXCLUDED
        for is_added in (True, False)
    ]
    stated = [
        (one.effect, one.words.replace("at least 2", "at least so many"))
        for one in (*lists, *exclusions)
    ]
    return [*stated, *_OTHER_RULES]


def _demand(rule: str, at_least: int | None) -> float | None:
    """How many of the statements a rule asks for."""
    if rule == "at_least":
        return at_least
    return {"any": 1, "all": float("inf")}.get(rule)


def _by_grant(before: int, after: int) -> Effect:
    if before == after:
        return Effect.READ
    return Effect.LOOSENED if after > before else Effect.TIGHTENED


def stance_in_words(value: str | None) -> str:
    return Stance(value or "unknown").label.lower()
