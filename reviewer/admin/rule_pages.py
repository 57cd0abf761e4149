"""What the pages of rules and of their changes share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest

from reviewer.models import Request, RuleChange, RuleTable
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_effects import Effect, Moved
from reviewer.workflow.rules import current_row, effect, require_limits
from reviewer.workflow.rules_told import Difference, differences

MANY = 50
AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the clocks that would move; the request only for whoever may see it."""

    moved: Moved
    request: Request | None


@dataclass(frozen=True, slots=True)
class Told:
    """What a change would do to the clocks that go now, or the sentence why it may not be."""

    effect: Effect | None
    refusal: str = ""
    shown: tuple[Shown, ...] = ()

    @property
    def first(self) -> tuple[Shown, ...]:
        return self.shown[:AT_ONCE]

    @property
    def others(self) -> tuple[Shown, ...]:
        return self.shown[AT_ONCE:]

    @property
    def more(self) -> int:
        return len(self.effect.moved) - len(self.shown) if self.effect else 0


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a change: what it is called, and what is other than now."""

    change: RuleChange
    is_new: bool
    differences: tuple[Difference, ...]

    @property
    def is_end(self) -> bool:
        return self.change.row is None


def effect_told(changes: Sequence[RuleChange], user: User | AnonymousUser) -> Told:
    """The effect as a page shows it: the first of the clocks, and how many more."""
    try:
        found = effect(changes)
        require_limits(found.lost)
    except Refused as refusal:
        return Told(None, str(refusal))
    first = found.moved[:MANY]
    pks = {one.clock.request_id for one in first}
    seen = set(Request.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))
    return Told(
        found,
        shown=tuple(
            Shown(one, one.clock.request if one.clock.request_id in seen else None) for one in first
        ),
    )


def part_of(change: RuleChange) -> Part:
    """The change against the row as it was when it was approved, or as it is now."""
    made = getattr(change, "made", None)
    if made is None:
        before = current_row(change.table, change.key)
    else:
        earlier = type(made).objects.filter(
            table=made.table, key=made.key, version=made.version - 1
        )
        before = earlier.values_list("row", flat=True).first()
    return Part(change, before is None, differences(change.table, before, change.row))


def person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def table_asked(value: str) -> RuleTable:
    """The table that an address names; the limits where it names none."""
    return RuleTable(value) if value in RuleTable.values else RuleTable.RULES


def tabs() -> list[dict[str, Any]]:
    return [{"value": one.value, "label": one.label} for one in RuleTable]
