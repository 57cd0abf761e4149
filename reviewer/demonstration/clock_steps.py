"""Steps that move clocks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reviewer.clocks import EventType
from reviewer.demonstration.steps import Scene
from reviewer.models import Notice, Reviewer
from reviewer.time import local_day
from reviewer.workflow.acts.extensions import (
    extend_decision,
    note_extension_requested,
    withdraw_extension,
)
from reviewer.workflow.acts.missing_information import send_deficiency_notice
from reviewer.workflow.acts.oral_notices import give_oral_notice
from reviewer.workflow.acts.recording import record_event
from reviewer.workflow.acts.urgency import attest_urgency, refuse_expedite, send_refusal


@dataclass(frozen=True)
class Extend:
    """`promised_in` counts days from the letter."""

    by: str
    after: float
    ground: str
    why: str
    wanted: str
    channel: str = Notice.Channel.MAIL
    promised_in: int | None = None

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        promised = self.promised_in and local_day(at) + timedelta(days=self.promised_in)
        extend_decision(
            of=scene.request,
            ground=self.ground,
            needs_information=bool(self.wanted),
            why=self.why,
            wanted=self.wanted,
            decide_by=promised or None,
            channel=self.channel,
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class MoreTime:
    by: str
    after: float
    who: str
    said: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        note_extension_requested(of=scene.request, by_whom=self.who, said=self.said, by=by, at=at)


@dataclass(frozen=True)
class GiveUpExtension:
    by: str
    after: float
    reason: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        withdraw_extension(of=scene.request, reason=self.reason, by=by, at=at)


@dataclass(frozen=True)
class AttestUrgency:
    by: str
    after: float
    physician: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        attest_urgency(
            of=scene.request, attested_by=self.physician, asked_by="physician", by=by, at=at
        )


@dataclass(frozen=True)
class RefuseExpedite:
    by: str
    after: float
    why: str
    told: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        refuse_expedite(
            of=scene.request, asked_by="enrollee", why=self.why, told=self.told, by=by, at=at
        )


@dataclass(frozen=True)
class SendRefusal:
    by: str
    after: float

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        send_refusal(of=scene.request, channel=Notice.Channel.MAIL, by=by, at=at)


@dataclass(frozen=True)
class TellMissing:
    """By telephone, with two days to answer."""

    by: str
    after: float
    wanted: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        send_deficiency_notice(
            request=scene.request,
            wanted=self.wanted,
            respond_by=at + timedelta(days=2),
            channel=Notice.Channel.PHONE,
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class TellByPhone:
    by: str
    after: float
    told: str
    line: int = 1

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        give_oral_notice(
            determination=scene.determination(self.line),
            recipient=Notice.Recipient.MEMBER,
            told=self.told,
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class RecordEvent:
    """An event of a day that is known in advance."""

    by: str
    after: float
    type: EventType
    in_days: int

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        when = local_day(at) + timedelta(days=self.in_days)
        record_event(of=scene.request, type=self.type, when=when, facts={}, by=by, at=at)
