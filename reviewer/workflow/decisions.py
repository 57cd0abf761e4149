"""A decision as its author means it, and what can be wrong with it before it is signed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from policies.models import Passage, Version
from reviewer.models import Outcome, ReasonCode, ServiceLine
from reviewer.models.determinations import ADVERSE, GRANTING, UNSIGNED
from reviewer.workflow.errors import Refused


@dataclass(frozen=True, slots=True)
class CitationDraft:
    """Words of a passage that the decision relies on."""

    passage: Passage
    quote: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided for a line, why, and by which words of which version."""

    outcome: str
    reason: ReasonCode
    rationale_clinical: str
    rationale_plain: str
    reason_text: str = ""
    ground: str = ""
    units_granted: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    version: Version | None = None
    version_reason: str = ""
    no_bulletin_reason: str = ""
    citations: tuple[CitationDraft, ...] = ()
    variance_reason: str = ""

    @property
    def is_adverse(self) -> bool:
        return self.outcome in ADVERSE

    @property
    def is_granting(self) -> bool:
        return self.outcome in GRANTING

    @property
    def permission(self) -> str:
        """The right that signing it takes."""
        if self.is_adverse:
            return "reviewer.deny_request"
        return "reviewer.approve_request" if self.is_granting else "reviewer.review_request"


NEEDS_ADVERSE_REASON: Final = "A decision against the request takes a reason that says so."
NEEDS_OTHER_REASON: Final = "This reason is for decisions against the request."


def require_sound(decision: Decision, line: ServiceLine) -> None:
    """Raises Refused with the first thing that is wrong."""
    for objection in objections(decision, line):
        raise Refused(objection)


def objections(decision: Decision, line: ServiceLine) -> Iterator[str]:
    """What is wrong with a decision on a line, each with what to mend."""
    if decision.outcome not in Outcome.values:
        yield "Say what is decided: choose an outcome."
        return
    yield from _of_reason(decision)
    if not decision.rationale_clinical.strip():
        yield "Say why, for the clinician."
    if not decision.rationale_plain.strip():
        yield "Say why, in plain words for the member."
    yield from _of_extent(decision, line)
    yield from _of_version(decision)


def _of_reason(decision: Decision) -> Iterator[str]:
    reason = decision.reason
    if not reason.is_active:
        yield f"Reason {reason.code} is no longer used. Choose another."
    if reason.is_adverse != decision.is_adverse:
        said = NEEDS_ADVERSE_REASON if decision.is_adverse else NEEDS_OTHER_REASON
        yield f"{said} Choose another reason than {reason.code}."
    if decision.is_adverse and not decision.ground:
        yield "Say on what ground the decision is against the request."
    if decision.is_adverse and reason.ground and decision.ground != reason.ground:
        ground = reason.get_ground_display().lower()
        yield f"Reason {reason.code} is for the ground “{ground}”. Choose another reason or ground."


def _of_extent(decision: Decision, line: ServiceLine) -> Iterator[str]:
    if not decision.is_granting:
        if decision.units_granted or decision.starts_on or decision.ends_on:
            yield "What is not approved has no units and no days. Leave them empty."
        return
    if not decision.units_granted or decision.starts_on is None or decision.ends_on is None:
        yield "An approval says how many units and from when to when."
        return
    if decision.ends_on < decision.starts_on:
        yield "The approval ends before it starts. Mend the days."
    is_less = (
        decision.units_granted < line.units
        or decision.starts_on > line.starts_on
        or decision.ends_on < line.ends_on
    )
    asked = f"{line.units} units from {line.starts_on} to {line.ends_on}"
    if decision.outcome == Outcome.APPROVED and is_less:
        yield (
            f"Approved means all that was asked for: {asked}. Less is a partial approval, which a"
            " physician signs."
        )
    if decision.outcome == Outcome.PARTIALLY_APPROVED and not is_less:
        yield f"A partial approval grants less than was asked for: {asked}. All of it is approved."


def _of_version(decision: Decision) -> Iterator[str]:
    version = decision.version
    if version is None:
        if decision.outcome not in UNSIGNED and not decision.no_bulletin_reason.strip():
            yield "Name the version that governs, or say why no bulletin does."
        if decision.citations:
            yield "A citation needs the version it is from. Name the version."
        return
    if not version.is_frozen:
        yield f"{version} is not published. Choose a published version."
    if not decision.version_reason.strip():
        yield f"Say why {version} governs."
    if decision.no_bulletin_reason:
        yield f"{version} governs, so there is no reason for having no bulletin. Leave it empty."
    if decision.is_adverse and not decision.citations:
        yield "A decision against the request cites the passage it relies on. Mark one."
    yield from _of_citations(version, decision.citations)


def _of_citations(version: Version, citations: Iterable[CitationDraft]) -> Iterator[str]:
    for citation in citations:
        passage = citation.passage
        if passage.version_id != version.pk:
            yield f"Passage {passage.anchor} is not in {version}. Cite the version that governs."
        elif not citation.quote.strip() or citation.quote not in passage.text:
            yield f"The quotation is not in passage {passage.anchor}. Mark the words again."
