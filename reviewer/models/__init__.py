"""The review's tables, a module a concept."""

from reviewer.models.appeals import Appeal, AppealDecision, OutsideDecision
from reviewer.models.clocks import Clock, ClockEvent, ReceiptCorrection
from reviewer.models.criteria import CriteriaReview, CriterionAnswer, Evidence, Finding
from reviewer.models.determinations import (
    ActiveDetermination,
    Citation,
    Determination,
    Ground,
    Outcome,
    ReasonCode,
)
from reviewer.models.documents import (
    Attention,
    Document,
    DocumentContent,
    DocumentPage,
    DocumentSetAside,
    MediaType,
)
from reviewer.models.events import AccessEntry, Event, Intent
from reviewer.models.information import InformationItem, InformationRequest
from reviewer.models.intake import IntakeFile, IntakeRow
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
from reviewer.models.reviews import (
    Involvement,
    PeerToPeerStep,
    PolicyChoice,
    Referral,
    ReferralReturn,
)
from reviewer.models.rules import RuleChange, RuleRow, RuleTable
from reviewer.models.seals import Seal
from reviewer.models.work import Absence, Draft

__all__ = [
    "Absence",
    "AccessEntry",
    "ActiveDetermination",
    "Appeal",
    "AppealDecision",
    "Attention",
    "Channel",
    "Citation",
    "Clock",
    "ClockEvent",
    "Coverage",
    "Credential",
    "CriteriaReview",
    "CriterionAnswer",
    "Determination",
    "Diagnosis",
    "Document",
    "DocumentContent",
    "DocumentPage",
    "DocumentSetAside",
    "Draft",
    "Event",
    "Evidence",
    "Finding",
    "Ground",
    "InformationItem",
    "InformationRequest",
    "IntakeFile",
    "IntakeRow",
    "Intent",
    "Involvement",
    "MediaType",
    "Member",
    "Notice",
    "Outcome",
    "OutsideDecision",
    "PeerToPeerStep",
    "PolicyChoice",
    "Provider",
    "ReasonCode",
    "ReceiptCorrection",
    "Referral",
    "ReferralReturn",
    "Request",
    "ReviewType",
    "Reviewer",
    "Role",
    "RuleChange",
    "RuleRow",
    "RuleTable",
    "Seal",
    "ServiceLine",
    "Urgency",
]
