"""How a case is told: what is asked, and the steps that people take, hours after receipt.

Every step plays itself through a verb of `workflow/`, so that no state exists that the site could
not have reached.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from policies.models import Bulletin, System, Version
from policies.resolver import Occasion, governing_version
from reviewer.clocks import EventType
from reviewer.models import (
    Appeal,
    AppealDecision,
    Channel,
    ClockEvent,
    Determination,
    Ground,
    Notice,
    Outcome,
    ReasonCode,
    Referral,
    Request,
    Reviewer,
    ReviewType,
    ServiceLine,
    Urgency,
)
from reviewer.models.determinations import GRANTING
from reviewer.time import local_day
from reviewer.workflow import (
    appeal_notices,
    appeal_receipts,
    appeals,
    determinations,
    information,
    notices,
    receipts,
    requests,
    reviews,
)
from reviewer.workflow.determinations import CitationDraft, Decision

DAY = 24.0  # hours


@dataclass(frozen=True)
class Line:
    """A service that is asked for; `starts` counts days from receipt."""

    code: str
    units: int
    system: System = System.CPT
    starts: int = 5
    days: int = 60
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[int, ...] = (1,)


@dataclass(frozen=True)
class Verdict:
    """What someone decides for a line, before the version is looked up for its occasion."""

    outcome: Outcome
    reason: str
    clinical: str
    plain: str
    ground: Ground | None = None
    bulletin: str = ""
    quotes: tuple[str, ...] = ()
    units: int = 0
    note: str = ""
    no_bulletin: str = ""


class Scene:
    """A request while it is acted out: who may be named, and what has come of it so far."""

    def __init__(self, request: Request, people: dict[str, Reviewer]) -> None:
        self.request = request
        self.people = people
        self.lines = {line.position: line for line in request.lines.all()}
        self.appeal: Appeal | None = None

    def determination(self, line: int) -> Determination:
        return Determination.objects.get(active_for__line=self.lines[line])

    def open_appeal(self) -> Appeal:
        if self.appeal is None:
            raise LookupError(f"{self.request} has no appeal")
        return self.appeal

    def decision(self, verdict: Verdict, line: int, at: datetime) -> Decision:
        asked = self.lines[line]
        version, sentence = self.governing(verdict.bulletin, asked, at)
        granted = verdict.outcome in GRANTING
        return Decision(
            outcome=verdict.outcome,
            reason=ReasonCode.objects.get(code=verdict.reason),
            reason_text=verdict.note,
            ground=verdict.ground or "",
            rationale_clinical=verdict.clinical,
            rationale_plain=verdict.plain,
            units_granted=(verdict.units or asked.units) if granted else 0,
            starts_on=asked.starts_on if granted else None,
            ends_on=asked.ends_on if granted else None,
            version=version,
            version_reason=sentence,
            no_bulletin_reason=verdict.no_bulletin,
            citations=tuple(cite(version, words) for words in verdict.quotes) if version else (),
        )

    def governing(
        self, number: str, asked: ServiceLine, at: datetime
    ) -> tuple[Version | None, str]:
        """The version that governs the line, and the sentence that says why."""
        if not number:
            return None, ""
        found = governing_version(
            Bulletin.objects.get(number=number), occasion(self.request, asked, local_day(at))
        )
        if found.version is not None:
            return found.version, found.sentence
        possible = next(miss for miss in found.near_misses if miss.is_possible)
        return possible.version, f"{number} {possible.sentence} No other version is published."


def occasion(request: Request, line: ServiceLine, on: date) -> Occasion:
    return Occasion(
        line_of_business=request.line_of_business,
        jurisdiction=request.jurisdiction,
        service_on=line.starts_on,
        received_on=local_day(request.received_at),
        processed_on=on,
    )


def cite(version: Version, words: str) -> CitationDraft:
    return CitationDraft(passage=version.passages.get(text__contains=words), quote=words)


class Step(Protocol):
    """Something a person does, so many hours after receipt."""

    @property
    def by(self) -> str: ...

    @property
    def after(self) -> float: ...

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None: ...


@dataclass(frozen=True)
class Case:
    """A request and its story; `ago` is how many hours before the loading it was received."""

    member: str
    requesting: str
    servicing: str
    ago: float
    diagnoses: tuple[str, ...]
    lines: tuple[Line, ...]
    summary: str
    steps: tuple[Step, ...] = ()
    review_type: ReviewType = ReviewType.PROSPECTIVE
    urgency: Urgency = Urgency.STANDARD
    attested_by: str = ""
    channel: Channel = Channel.FAX
    entered_by: str = "ipardo"
    entered_after: float = 1.0
    rating_period_month: int = 1  # Medicaid: in which the contract's year begins
    around_a_clock_change: float = 0  # hours before the last one, in the place of `ago`
    item_kinds: Mapping[str, str] = field(default_factory=dict)
    complete_after: float | None = None  # hours after which everything was in hand


@dataclass(frozen=True)
class Claim:
    by: str
    after: float

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        requests.claim_request(request=scene.request, by=by, at=at)


@dataclass(frozen=True)
class Assign:
    by: str
    after: float
    to: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        requests.assign_request(request=scene.request, to=scene.people[self.to], by=by, at=at)


@dataclass(frozen=True)
class Release:
    by: str
    after: float

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        requests.release_request(request=scene.request, by=by, at=at)


@dataclass(frozen=True)
class AskInformation:
    """The provider is asked for things by name."""

    by: str
    after: float
    wanted: tuple[str, ...]

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        information.ask_for_information(
            request=scene.request,
            items=[information.Wanted(words) for words in self.wanted],
            recipient=Notice.Recipient.PROVIDER,
            channel=Notice.Channel.FAX,
            words="",
            answer_due_at=None,
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class InformationComes:
    """Everything that was asked for comes."""

    by: str
    after: float
    what: str
    is_complete: bool = False

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        information.receive_items(
            request=scene.request,
            what=self.what,
            received={item.pk: None for item in information.awaited(scene.request)},
            is_complete=self.is_complete,
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class CorrectReceipt:
    """It came earlier than was entered: one person shows it, another agrees."""

    by: str
    after: float
    proposed_by: str
    hours_earlier: float
    reason: str
    evidence: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        received = ClockEvent.objects.standing().get(
            request=scene.request, type=EventType.RECEIVED.value
        )
        correction = receipts.propose_correction(
            event=received,
            corrected_to=received.at - timedelta(hours=self.hours_earlier),
            reason=self.reason,
            evidence=self.evidence,
            by=scene.people[self.proposed_by],
            at=at,
        )
        receipts.approve_correction(correction=correction, by=by, at=at)
        scene.request.refresh_from_db()


@dataclass(frozen=True)
class Refer:
    by: str
    after: float
    reasons: str
    recommendation: Referral.Recommendation = Referral.Recommendation.DENY
    specialty: str = ""

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        reviews.refer_request(
            request=scene.request,
            recommendation=self.recommendation,
            reasons=self.reasons,
            specialty=self.specialty,
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class Sign:
    by: str
    after: float
    verdict: Verdict
    line: int = 1

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        if scene.request.assigned_to is None:  # referred: the physician takes it first
            requests.claim_request(request=scene.request, by=by, at=at - timedelta(minutes=50))
        determinations.sign_determination(
            line=scene.lines[self.line],
            decision=scene.decision(self.verdict, self.line, at),
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class Correct:
    by: str
    after: float
    verdict: Verdict
    reason: str
    line: int = 1

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        determinations.correct_determination(
            determination=scene.determination(self.line),
            decision=scene.decision(self.verdict, self.line, at),
            reason=self.reason,
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class Tell:
    """Member and provider are told of every active determination."""

    by: str
    after: float
    channels: tuple[str, str] = (Notice.Channel.MAIL, Notice.Channel.FAX)

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        for line in scene.lines:
            for recipient, channel in zip(Notice.Recipient, self.channels, strict=True):
                notices.send_notice(
                    determination=scene.determination(line),
                    recipient=recipient,
                    channel=channel,
                    by=by,
                    at=at,
                )


@dataclass(frozen=True)
class Close:
    by: str
    after: float

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        requests.close_request(request=scene.request, by=by, at=at)


@dataclass(frozen=True)
class Reopen:
    by: str
    after: float
    reason: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        requests.reopen_request(request=scene.request, reason=self.reason, by=by, at=at)


@dataclass(frozen=True)
class Withdraw:
    by: str
    after: float
    reason: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        requests.withdraw_request(request=scene.request, reason=self.reason, by=by, at=at)


@dataclass(frozen=True)
class Dismiss:
    by: str
    after: float
    reason: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        requests.dismiss_request(request=scene.request, reason=self.reason, by=by, at=at)


@dataclass(frozen=True)
class NoAuthorization:
    by: str
    after: float
    reason: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        requests.mark_no_authorization_required(
            request=scene.request, reason=self.reason, by=by, at=at
        )


@dataclass(frozen=True)
class Appealed:
    by: str
    after: float
    grounds: str
    initiator: Appeal.Initiator = Appeal.Initiator.MEMBER
    name: str = ""
    urgency: Urgency = Urgency.STANDARD
    channel: Channel = Channel.MAIL
    line: int = 1

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        scene.appeal = appeal_receipts.receive_appeal(
            determination=scene.determination(self.line),
            initiator=self.initiator,
            initiator_name=self.name or str(scene.request.member),
            urgency=self.urgency,
            channel=self.channel,
            received_at=at - timedelta(minutes=40),
            grounds=self.grounds,
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class AssignAppeal:
    by: str
    after: float
    to: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        appeals.assign_appeal(appeal=scene.open_appeal(), to=scene.people[self.to], by=by, at=at)


@dataclass(frozen=True)
class DecideAppeal:
    by: str
    after: float
    outcome: AppealDecision.Outcome
    substance: str
    clinical: str
    plain: str
    root_cause: str = ""
    verdict: Verdict | None = field(default=None)

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        appeal = scene.open_appeal()
        line = appeal.determination.line.position
        appeals.decide_appeal(
            appeal=appeal,
            outcome=self.outcome,
            root_cause=self.root_cause,
            substance=self.substance,
            rationale_clinical=self.clinical,
            rationale_plain=self.plain,
            new_decision=scene.decision(self.verdict, line, at) if self.verdict else None,
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class TellAppeal:
    """Member and provider are told how the appeal was decided; the member by phone first, where
    it says what was said."""

    by: str
    after: float
    said: str = ""

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        appeal, who, sent_at = scene.open_appeal(), Notice.Recipient, at
        if self.said:
            appeal_notices.tell_appeal_by_phone(
                appeal=appeal, recipient=who.MEMBER, told=self.said, by=by, at=at
            )
            sent_at += timedelta(hours=2)
        for recipient, channel in ((who.MEMBER, "mail"), (who.PROVIDER, "fax")):
            appeal_notices.send_appeal_notice(
                appeal=appeal, recipient=recipient, channel=channel, by=by, at=sent_at
            )


@dataclass(frozen=True)
class WithdrawAppeal:
    by: str
    after: float
    reason: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        appeals.withdraw_appeal(appeal=scene.open_appeal(), reason=self.reason, by=by, at=at)


def approved(
    bulletin: str, clinical: str, plain: str, *, units: int = 0, reason: str = "A01", note: str = ""
) -> Verdict:
    """The line is granted; as much as was asked for, unless units are named."""
    return Verdict(
        Outcome.APPROVED, reason, clinical, plain, bulletin=bulletin, units=units, note=note
    )


def denied(
    bulletin: str, ground: Ground, reason: str, quote: str, clinical: str, plain: str
) -> Verdict:
    """The line is refused by the words of a bulletin."""
    return Verdict(Outcome.DENIED, reason, clinical, plain, ground, bulletin, (quote,))


def partly(
    bulletin: str, units: int, reason: str, quote: str, clinical: str, plain: str
) -> Verdict:
    """Fewer units than were asked for, on medical necessity."""
    return Verdict(
        Outcome.PARTIALLY_APPROVED,
        reason,
        clinical,
        plain,
        Ground.MEDICAL_NECESSITY,
        bulletin,
        (quote,),
        units,
    )
