"""Steps in which people turn to each other: a policy chosen, a referral returned, talks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reviewer.demonstration.steps import Scene
from reviewer.models import PeerToPeerStep, Reviewer
from reviewer.workflow import peer_to_peer, policy_choices, reviews


@dataclass(frozen=True)
class ChooseNoBulletin:
    by: str
    after: float
    reason: str
    line: int = 1

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        policy_choices.choose_policy(
            line=scene.lines[self.line], version=None, reason=self.reason, by=by, at=at
        )


@dataclass(frozen=True)
class ReturnReferral:
    by: str
    after: float
    question: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        reviews.return_referral(request=scene.request, question=self.question, by=by, at=at)


@dataclass(frozen=True)
class AskForTalk:
    """The treating clinician asks for a talk; without `asked` the plan offers one."""

    by: str
    after: float
    clinician: str
    words: str
    asked: bool = True

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        act = peer_to_peer.request_peer_to_peer if self.asked else peer_to_peer.offer_peer_to_peer
        act(
            request=scene.request,
            clinician=self.clinician,
            words=self.words,
            proposed_for=at + timedelta(hours=4),
            happened_at=at,
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class MissTalk:
    """The clinician was not reached; with `declined` they do not want the talk."""

    by: str
    after: float
    clinician: str
    words: str
    declined: bool = False

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        missed, declined = peer_to_peer.attempt_peer_to_peer, peer_to_peer.decline_peer_to_peer
        act = declined if self.declined else missed
        act(
            request=scene.request,
            clinician=self.clinician,
            words=self.words,
            happened_at=at,
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class HoldTalk:
    by: str
    after: float
    clinician: str
    words: str
    result: PeerToPeerStep.Result = PeerToPeerStep.Result.UNCHANGED
    new_information: str = ""

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        peer_to_peer.hold_peer_to_peer(
            request=scene.request,
            clinician=self.clinician,
            words=self.words,
            result=self.result,
            new_information=self.new_information,
            happened_at=at,
            by=by,
            at=at,
        )
