"""Deadlines as a pure function of dated rules and events. Knows nothing of Django.

`compute` is the door; `decision_due` answers the commonest question. The rules are rows of
`rules.csv`, the readings of silent texts rows of `conventions.csv`; code holds no limit.
"""

from reviewer.clocks.conventions import conventions
from reviewer.clocks.engine import compute
from reviewer.clocks.errors import ClockError, NoRule, NotADeadline, NotStarted, SeveralRules
from reviewer.clocks.events import Event, EventType
from reviewer.clocks.initial import decision_due
from reviewer.clocks.result import Deadline, Flag, OtherRule, Role, Status, Step
from reviewer.clocks.rules import Rule, RuleTable, rule_table
from reviewer.clocks.selection import Scope

__all__ = [
    "ClockError",
    "Deadline",
    "Event",
    "EventType",
    "Flag",
    "NoRule",
    "NotADeadline",
    "NotStarted",
    "OtherRule",
    "Role",
    "Rule",
    "RuleTable",
    "Scope",
    "SeveralRules",
    "Status",
    "Step",
    "compute",
    "conventions",
    "decision_due",
    "rule_table",
]
