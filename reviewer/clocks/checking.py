"""Worked examples of the exchange format, run against a book: what it should give and what we do.

An example is checked twice: its scope must select the rule it names, and that rule must give the
values it expects. Only the keys it states are compared: times as instants and by the offset shown.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from reviewer.clocks.book import RuleBook
from reviewer.clocks.engine import compute
from reviewer.clocks.errors import ClockError
from reviewer.clocks.events import Event, Timeline, parse_at
from reviewer.clocks.moments import zone_named
from reviewer.clocks.result import Deadline, OtherRule, Role, Step
from reviewer.clocks.selection import Scope, select

INSTANTS = ("due_at", "accept_through", "legal_max_at", "tolled_until", "target_at", "alarm_at")
COMPARED = (*INSTANTS, "by_rule", "applied_rule_id", "status", "flags")


@dataclass(frozen=True, slots=True)
class Example:
    """One line of a file, read."""

    id: str
    rule_id: str
    zone: str
    scope: Scope | None
    events: tuple[Event, ...]
    expect: Mapping[str, Any]
    member_zone: str | None = None
    as_of: Any = None
    others: tuple[OtherRule, ...] = ()
    citation: str = ""
    note: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Example":
        """Raises ClockError with a sentence about what cannot be read."""
        missing = [key for key in ("id", "rule_id", "zone", "events", "expect") if key not in data]
        if missing:
            raise ClockError(f"it has no {', no '.join(missing)}")
        try:
            return cls(
                id=str(data["id"]),
                rule_id=data["rule_id"],
                zone=data["zone"],
                scope=_scope(data["scope"]) if "scope" in data else None,
                events=tuple(Event.from_json(one) for one in data["events"]),
                expect=_expected(data["expect"]),
                member_zone=data.get("member_zone"),
                as_of=parse_at(data["as_of"]) if data.get("as_of") else None,
                others=tuple(
                    OtherRule(one["rule_id"], Role(one["role"]))
                    for one in data.get("other_rules", ())
                ),
                citation=data.get("citation", ""),
                note=data.get("note", ""),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ClockError(f"{error}") from error

    @property
    def timeline(self) -> Timeline:
        zone = zone_named(self.zone)
        return Timeline.of(self.events, zone, zone, self.as_of)

    def computed(self, book: RuleBook) -> Deadline:
        """By the rule the example names; its scope finds further rows, where one is needed."""
        return compute(
            book.rule(self.rule_id),
            self.events,
            self.zone,
            scope=self.scope,
            member_zone=self.member_zone,
            as_of=self.as_of,
            others=self.others,
            book=book,
        )


def _scope(data: Mapping[str, Any]) -> Scope:
    known = {field.name for field in fields(Scope)}
    if unknown := set(data) - known:
        raise ClockError(f"its scope has a key {', '.join(sorted(unknown))} that no rule has")
    levels = data.get("appeal_levels")
    return Scope(**{**data, "appeal_levels": None if levels is None else int(levels)})


def _expected(data: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(data) - set(COMPARED):
        raise ClockError(f"it expects {', '.join(sorted(unknown))}, which no result has")
    values = dict(data)
    for key in INSTANTS:
        if values.get(key):
            values[key] = _instant(values[key])
    if values.get("by_rule"):
        values["by_rule"] = {
            rule_id: at and _instant(at) for rule_id, at in values["by_rule"].items()
        }
    return values


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ClockError(f"the expected time {text} has no offset")
    return instant


@dataclass(frozen=True, slots=True)
class Difference:
    key: str
    expected: Any
    ours: Any

    def __str__(self) -> str:
        return f"{self.key}: expected {_shown(self.expected)}, ours {_shown(self.ours)}"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What an example expects otherwise; `wrong` is a sentence where we give no answer at all."""

    example: Example
    selected: str = ""
    differences: tuple[Difference, ...] = ()
    derivation: tuple[Step, ...] = ()
    wrong: str = ""


def check(example: Example, book: RuleBook) -> Disagreement | None:
    """Selection and calculation of one example; None where both agree."""
    selected = _selection(example, book)
    try:
        deadline = example.computed(book)
    except ClockError as error:
        return Disagreement(example, selected, wrong=str(error))
    found = tuple(differences(example.expect, deadline))
    if not found and not selected:
        return None
    return Disagreement(example, selected, found, deadline.derivation)


def _selection(example: Example, book: RuleBook) -> str:
    """What the scope selects instead of the stated rule; empty where it selects that."""
    if example.scope is None:
        return ""
    try:
        found = select(book, example.scope, example.timeline).rule_id
    except ClockError as error:
        return str(error)
    return "" if found == example.rule_id else found


def differences(expect: Mapping[str, Any], deadline: Deadline) -> Iterator[Difference]:
    """The stated keys whose values are others than ours."""
    for key, expected in expect.items():
        ours = getattr(deadline, key)
        if key == "flags":
            ours, expected = [flag.value for flag in ours], list(expected)
        if key == "by_rule":
            ours, expected = dict(ours), expected or {}
        if _comparable(ours) != _comparable(expected):
            yield Difference(key, expected, ours)


def _comparable(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _comparable(one) for key, one in value.items()}
    return value


def _shown(value: Any) -> str:
    return json.dumps(_comparable(value), ensure_ascii=False)
