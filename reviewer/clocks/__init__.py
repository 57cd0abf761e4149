"""Deadlines as a pure function of dated rules and events. Knows nothing of Django.

`compute` is the door. Limits, readings of silent texts, holidays, regimes, zones and duties are
rows of a `RuleBook`; code holds none of them.
"""

from reviewer.clocks.book import TABLES, RuleBook, rows_of, shipped_book, shipped_rows
from reviewer.clocks.duties import Duty, duties_opened_by
from reviewer.clocks.engine import compute
from reviewer.clocks.errors import (
    ClockError,
    NoRule,
    NotADeadline,
    NotStarted,
    SeveralRules,
    WrongRow,
)
from reviewer.clocks.events import Event, EventType
from reviewer.clocks.regimes import Regime, RegimeRole, Zone, regimes_for, zone_for
from reviewer.clocks.result import Deadline, Flag, OtherRule, Role, Status, Step, StepKind
from reviewer.clocks.rules import Rule
from reviewer.clocks.selection import Scope
from reviewer.clocks.tables import Column, Kind, Table

__all__ = [
    "TABLES",
    "ClockError",
    "Column",
    "Deadline",
    "Duty",
    "Event",
    "EventType",
    "Flag",
    "Kind",
    "NoRule",
    "NotADeadline",
    "NotStarted",
    "OtherRule",
    "Regime",
    "RegimeRole",
    "Role",
    "Rule",
    "RuleBook",
    "Scope",
    "SeveralRules",
    "Status",
    "Step",
    "StepKind",
    "Table",
    "WrongRow",
    "Zone",
    "compute",
    "duties_opened_by",
    "regimes_for",
    "rows_of",
    "shipped_book",
    "shipped_rows",
    "zone_for",
]
