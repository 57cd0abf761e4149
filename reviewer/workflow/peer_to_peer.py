"""Talks between a physician of the plan and the treating clinician: each step as it happens."""

from datetime import datetime, timedelta
from typing import Any, Final

from reviewer.clocks import EventType
from reviewer.models import (
    Clock,
    Credential,
    Event,
    Notice,
    PeerToPeerStep,
    Request,
    Reviewer,
)
from reviewer.models.clocks import ClockQuerySet
from reviewer.time import local_day
from reviewer.workflow.clocks import note
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import account, lock, require_assigned, require_state, require_words
from reviewer.workflow.record import change
from reviewer.workflow.requests import DENY, ENTER, REVIEW, State

Kind = PeerToPeerStep.Kind
Result = PeerToPeerStep.Result
MILESTONES: Final = {
    Kind.REQUESTED: Event.Name.PEER_TO_PEER_REQUESTED,
    Kind.OFFERED: Event.Name.PEER_TO_PEER_OFFERED,
    Kind.ATTEMPTED: Event.Name.PEER_TO_PEER_ATTEMPTED,
    Kind.HELD: Event.Name.PEER_TO_PEER_HELD,
    Kind.DECLINED: Event.Name.PEER_TO_PEER_DECLINED,
}
# A talk may turn an answer also after it was signed, as long as the case is not closed.
MAY_SPEAK: Final = (*Request.OPEN, State.DETERMINED, State.NOTIFIED)
FURTHEST: Final = timedelta(days=366)
TALK: Final = "peer_to_peer"  # its row in the duties table


@verb
def request_peer_to_peer(
    *,
    request: Request,
    clinician: str,
    words: str,
    happened_at: datetime,
    by: Reviewer,
    at: datetime,
    proposed_for: datetime | None = None,
) -> PeerToPeerStep:
    """The treating clinician asks for the talk; a limit may run from that."""
    lock(request, by=by, needs=[REVIEW, ENTER])
    return write(
        request,
        Kind.REQUESTED,
        clinician=clinician,
        words=words,
        proposed_for=proposed_for,
        happened_at=happened_at,
        by=by,
        at=at,
    )


@verb
def offer_peer_to_peer(
    *,
    request: Request,
    clinician: str,
    words: str,
    proposed_for: datetime,
    happened_at: datetime,
    by: Reviewer,
    at: datetime,
) -> PeerToPeerStep:
    """The plan offers the talk, at a time."""
    lock_in_hand(request, by=by)
    return write(
        request,
        Kind.OFFERED,
        clinician=clinician,
        words=words,
        proposed_for=proposed_for,
        happened_at=happened_at,
        by=by,
        at=at,
    )


@verb
def attempt_peer_to_peer(
    *,
    request: Request,
    clinician: str,
    words: str,
    happened_at: datetime,
    by: Reviewer,
    at: datetime,
) -> PeerToPeerStep:
    """The clinician was tried and not reached."""
    lock_in_hand(request, by=by)
    require_words(words, "how they were tried, and what came of it")
    return write(
        request,
        Kind.ATTEMPTED,
        clinician=clinician,
        words=words,
        happened_at=happened_at,
        by=by,
        at=at,
    )


@verb
def hold_peer_to_peer(
    *,
    request: Request,
    clinician: str,
    words: str,
    result: str,
    new_information: str,
    happened_at: datetime,
    by: Reviewer,
    at: datetime,
) -> PeerToPeerStep:
    """The physician spoke with the clinician: what was said, what is new, and what it comes to."""
    lock_in_hand(request, by=by)
    account(by, DENY)
    require_physician(by, happened_at)
    require_words(words, "what was said")
    if result not in Result.values:
        raise Refused("Say what the talk came to: the answer turns, or stands, or more will come.")
    if result == Result.MORE_INFORMATION:
        require_words(new_information, "what information will come")
    return write(
        request,
        Kind.HELD,
        clinician=clinician,
        words=words,
        result=result,
        new_information=new_information,
        happened_at=happened_at,
        by=by,
        at=at,
    )


@verb
def decline_peer_to_peer(
    *,
    request: Request,
    clinician: str,
    words: str,
    happened_at: datetime,
    by: Reviewer,
    at: datetime,
) -> PeerToPeerStep:
    """The clinician does not want the talk that was offered or asked for."""
    lock_in_hand(request, by=by)
    if not request.peer_to_peer.filter(kind__in=[Kind.OFFERED, Kind.REQUESTED]).exists():
        raise Refused("No talk was offered or asked for. Record that first.")
    require_words(words, "what the clinician said")
    return write(
        request,
        Kind.DECLINED,
        clinician=clinician,
        words=words,
        happened_at=happened_at,
        by=by,
        at=at,
    )


def lock_in_hand(request: Request, *, by: Reviewer) -> None:
    """An open request is spoken about by who has it; a decided one by any reviewer."""
    lock(request, by=by, needs=[REVIEW])
    if request.is_open:
        require_assigned(request, by)


def require_physician(by: Reviewer, at: datetime) -> None:
    licenses = Credential.objects.valid(local_day(at)).filter(reviewer=by)
    if not licenses.filter(kind=Credential.Kind.PHYSICIAN).exists():
        raise Refused(
            "A physician holds the talk, and no license of yours as a physician is on file for that"
            " day. Have the license entered, or the request assigned to another physician."
        )


def write(
    request: Request,
    kind: Kind,
    *,
    clinician: str,
    happened_at: datetime,
    by: Reviewer,
    at: datetime,
    **facts: Any,
) -> PeerToPeerStep:
    """One step with its milestone, of a locked request."""
    require_state(request, MAY_SPEAK, "a talk is recorded")
    require_words(clinician, "the treating clinician's name")
    require_possible(request, happened_at, facts.get("proposed_for"), at=at)
    step = PeerToPeerStep.objects.create(
        request=request,
        kind=kind,
        clinician=clinician.strip(),
        at=happened_at,
        recorded_by=by,
        recorded_at=at,
        **facts,
    )
    result = step.get_result_display()
    said = f"With {step.clinician}." if kind == Kind.HELD else f"{step.clinician}."
    sentence = " ".join(filter(None, [said, result and f"{result}.", step.words]))
    after = {"peer_to_peer": step.pk, "happened_at": happened_at.isoformat()}
    milestone = change(request, MILESTONES[kind], by=by, at=at, sentence=sentence, after=after)
    if kind == Kind.REQUESTED:
        asked = EventType.PEER_TO_PEER_REQUESTED
        note(request=request, type=asked, at=happened_at, by=by, milestone=milestone)
    elif makes_available(step):
        note(
            request=request,
            type=EventType.PEER_TO_PEER_MADE_AVAILABLE,
            at=happened_at,
            by=by,
            recipient=Notice.Recipient.PROVIDER,
            milestone=milestone,
        )
    return step


def talk_clocks(request: Request) -> ClockQuerySet:
    """The limits for a talk that was asked for, where the plan goes by a rule that has one."""
    return Clock.objects.about(request).filter(duty=TALK)


def makes_available(step: PeerToPeerStep) -> bool:
    """Whether a talk that was asked for was made available by the step: it was held, it was not
    wanted, or it was offered for a time within the limit. That one was not reached is not enough.
    """
    going = talk_clocks(step.request).going().filter(started_by__at__lte=step.at)
    if step.kind in (Kind.HELD, Kind.DECLINED):
        return going.exists()
    return step.kind == Kind.OFFERED and going.filter(due_at__gte=step.proposed_for).exists()


def require_possible(
    request: Request, happened_at: datetime, proposed_for: datetime | None, *, at: datetime
) -> None:
    if happened_at > at:
        raise Refused("What lies in the future has not happened. Mend the time.")
    if happened_at < request.received_at:
        raise Refused("It did not happen before the request was received. Mend the time.")
    if proposed_for and not happened_at < proposed_for < happened_at + FURTHEST:
        raise Refused("The talk is proposed for a later time, within a year. Mend the time.")
