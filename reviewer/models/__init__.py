"""The review's tables, a module a concept."""

from reviewer.models.appeals import Appeal, AppealDecision
from reviewer.models.clocks import Clock, ClockEvent, ReceiptCorrection
from reviewer.models.determinations import (
    ActiveDetermination,
    Citation,
    Determination,
    Ground,
    Outcome,
    ReasonCode,
)
from reviewer.models.events import AccessEntry, Event, Intent
from reviewer.models.notices import Notice
from reviewer.models.people import Credential, Reviewer, Role
from reviewer.models.requests import (
    Channel,
    Coverage,
    Diagnosis,
    Member,
    Provider,
    Request,
    ReviewType,
    ServiceLine,
    Urgency,
)
from reviewer.models.reviews import Involvement, Referral
from reviewer.models.rules import RuleChange, RuleRow, RuleTable

__all__ = [
    "AccessEntry",
    "ActiveDetermination",
    "Appeal",
    "AppealDecision",
    "Channel",
    "Citation",
    "Clock",
    "ClockEvent",
    "Coverage",
    "Credential",
    "Determination",
    "Diagnosis",
    "Event",
    "Ground",
    "Intent",
    "Involvement",
    "Member",
    "Notice",
    "Outcome",
    "Provider",
    "ReasonCode",
    "ReceiptCorrection",
    "Referral",
    "Request",
    "ReviewType",
    "Reviewer",
    "Role",
    "RuleChange",
    "RuleRow",
    "RuleTable",
    "ServiceLine",
    "Urgency",
]
