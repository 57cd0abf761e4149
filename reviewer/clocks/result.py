"""What the engine answers: a deadline with the steps that lead to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

Said = str | Callable[[], str]


class Flag(StrEnum):
    EXTENDED = "extended"
    NOT_AVAILABLE = "extension_rejected_not_available"
    BAD_GROUND = "extension_rejected_ground"
    LATE_NOTICE = "extension_rejected_late_notice"
    ALREADY_EXTENDED = "extension_rejected_already_extended"
    WITHDRAWN = "extension_withdrawn"
    ANSWERED = "tolled_until_response"
    NO_ANSWER = "tolled_until_end_of_response_period"
    REQUEST_DOES_NOT_TOLL = "information_request_does_not_toll"
    DEFICIENCY_LATE = "deficiency_notice_late"
    REFUSED = "expedite_refused"
    UPGRADED = "urgency_upgraded"
    NOT_UPGRADED = "urgency_attestation_not_applicable"


class Status(StrEnum):
    RUNNING = "running"
    TOLLED = "tolled"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"


class Role(StrEnum):
    BINDING = "binding"  # joins the minimum
    TARGET = "target"  # a service target only
    COMPANION = "companion"  # a further duty, reported beside


@dataclass(frozen=True, slots=True)
class OtherRule:
    """A further row, named, that is computed from the same events."""

    rule_id: str
    role: Role


class StepKind(StrEnum):
    """What a line of the arithmetic does; said beside it and told by its drawing."""

    NOTE = "note"
    RULE = "rule"
    START = "start"
    COUNT = "count"
    LIMIT = "limit"
    MOVED = "moved"  # another row of the table took over
    EXTENDED = "extended"
    NO_EFFECT = "no_effect"
    STOPPED = "stopped"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"
    MAXIMUM = "maximum"
    REGIME = "regime"
    ACCEPTED = "accepted"
    MISSED = "missed"


class Step:
    """One line of the arithmetic: what was done, the instant it gave, and by what authority.

    `event` is the type of the fact it is about, where it is about one.

    The sentence may be given as what makes it: most answers are computed for their limit alone,
    and words cost more than the arithmetic.
    """

    __slots__ = ("_sentence", "citation", "event", "instant", "kind")

    def __init__(
        self,
        sentence: Said,
        instant: datetime | None,
        citation: str,
        kind: StepKind = StepKind.NOTE,
        event: str = "",
    ) -> None:
        self._sentence = sentence
        self.instant = instant
        self.citation = citation
        self.kind = kind
        self.event = event

    @property
    def sentence(self) -> str:
        if not isinstance(self._sentence, str):
            self._sentence = self._sentence()
        return self._sentence

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Step) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def __repr__(self) -> str:
        return f"Step{self._parts()!r}"

    def __reduce__(self) -> tuple[type["Step"], tuple[str, datetime | None, str, StepKind, str]]:
        return Step, self._parts()

    def _parts(self) -> tuple[str, datetime | None, str, StepKind, str]:
        return self.sentence, self.instant, self.citation, self.kind, self.event


@dataclass(frozen=True, slots=True)
class Deadline:
    """A limit and why. Instants are aware, in the zone that gave them.

    `due_at` is None while the clock is stopped. `rule_id` is the selected row,
    `applied_rule_id` the row that set `due_at`; `missed_outcome` is what a missed limit means
    under it. `confidence` is the mark of that row: V and V2 are confirmed, V_old, G and CHOICE
    are to be confirmed before use. `status` needs the `as_of` of the computation.

    For drawing: the row that set `due_at` was counted from `starts_at` to `base_at`, its limit
    before any extension; its clock was stopped from `stopped_from` until it `resumed_at`.
    """

    rule_id: str
    applied_rule_id: str
    citation: str
    confidence: str
    due_at: datetime | None
    derivation: tuple[Step, ...]
    accept_through: datetime | None = None
    legal_max_at: datetime | None = None
    tolled_until: datetime | None = None
    target_at: datetime | None = None
    alarm_at: datetime | None = None
    by_rule: Mapping[str, datetime | None] = field(default_factory=dict)
    status: Status | None = None
    flags: tuple[Flag, ...] = ()
    missed_outcome: str = ""
    rules_version: str = ""
    starts_at: datetime | None = None
    base_at: datetime | None = None
    stopped_from: datetime | None = None
    resumed_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values for storage beside the inputs; instants in ISO 8601."""
        return {
            "rule_id": self.rule_id,
            "applied_rule_id": self.applied_rule_id,
            "rules_version": self.rules_version,
            "citation": self.citation,
            "confidence": self.confidence,
            "due_at": _iso(self.due_at),
            "accept_through": _iso(self.accept_through),
            "legal_max_at": _iso(self.legal_max_at),
            "tolled_until": _iso(self.tolled_until),
            "target_at": _iso(self.target_at),
            "alarm_at": _iso(self.alarm_at),
            "starts_at": _iso(self.starts_at),
            "base_at": _iso(self.base_at),
            "stopped_from": _iso(self.stopped_from),
            "resumed_at": _iso(self.resumed_at),
            "by_rule": {rule_id: _iso(limit) for rule_id, limit in self.by_rule.items()},
            "status": None if self.status is None else self.status.value,
            "flags": [flag.value for flag in self.flags],
            "missed_outcome": self.missed_outcome,
            "derivation": [
                {
                    "sentence": step.sentence,
                    "instant": _iso(step.instant),
                    "citation": step.citation,
                    "kind": step.kind.value,
                    "event": step.event,
                }
                for step in self.derivation
            ],
        }


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
