"""What happens to a request before and after its decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from policies.models import LineOfBusiness, System
from policies.reading.codes import normalise
from reviewer.clocks import EventType
from reviewer.models import (
    Clock,
    Coverage,
    Determination,
    Diagnosis,
    Event,
    Member,
    Provider,
    Request,
    Reviewer,
    ReviewType,
    ServiceLine,
    Urgency,
)
from reviewer.time import local_day
from reviewer.workflow import expertise
from reviewer.workflow.awaited import end_awaited
from reviewer.workflow.clocks import end_clocks, keep_due, note
from reviewer.workflow.clocks.foreseeing import require_known_kinds
from reviewer.workflow.covering import stands_in
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import (
    account,
    lock,
    require_assigned,
    require_in_scope,
    require_state,
    require_words,
)
from reviewer.workflow.numbers import request_number
from reviewer.workflow.places_of_service import places_of_service
from reviewer.workflow.record import change, record
from reviewer.workflow.rule_book import book as rule_book
from reviewer.workflow.told import everyone_is_told

State = Request.State
REVIEW: Final = "reviewer.review_request"
DENY: Final = "reviewer.deny_request"
ASSIGN: Final = "reviewer.assign_request"
ENTER: Final = "reviewer.add_request"
STARTS_WITH: Final = (State.RECEIVED, State.REOPENED)  # the first to take it starts the review
UNDER_REVIEW: Final = (State.IN_REVIEW, State.REFERRED, State.INCOMPLETE)
ENDED: Final = (
    State.DETERMINED,
    State.NOTIFIED,
    State.CLOSED,
    State.WITHDRAWN,
    State.DISMISSED,
    State.NO_AUTHORIZATION_REQUIRED,
)
ENDS: Final = {
    State.WITHDRAWN: Clock.End.WITHDRAWN,
    State.DISMISSED: Clock.End.DISMISSED,
    State.NO_AUTHORIZATION_REQUIRED: Clock.End.NOT_REQUIRED,
}


@dataclass(frozen=True, slots=True)
class LineAsked:
    """A service line as it is asked for. `diagnoses` are positions, from 1; none means all."""

    system: System | str
    code: str
    units: int
    starts_on: date
    ends_on: date
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[int, ...] = ()
    frequency: str = ""
    place_of_service: str = ""


@verb
def enter_request(
    *,
    member: Member,
    coverage: Coverage,
    requesting_provider: Provider,
    servicing_provider: Provider,
    review_type: str,
    urgency: str,
    urgency_attested_by: str,
    channel: str,
    received_at: datetime,
    summary: str,
    lines: Sequence[LineAsked],
    diagnoses: Sequence[str],
    by: Reviewer,
    at: datetime,
    ordering_provider: Provider | None = None,
    item_kinds: Mapping[str, str] | None = None,
    course_ends_at: datetime | None = None,
    rating_period_start: date | None = None,
    information_complete_at: datetime | None = None,
) -> Request:
    """Open a request as it was received; its clock runs from the receipt.

    `item_kinds` says what a regime's rules take it for, where it is not the usual. Medicaid goes
    by the `rating_period_start` of the plan's contract, 1 January of the year of receipt unless
    it is given. Rules that count from the day on which everything was in hand go by
    `information_complete_at`. Refuses what no rule states a limit for, with what is missing.
    """
    account(by, ENTER)
    if not lines:
        raise Refused("A request asks for one service line or more. Add a line.")
    if not diagnoses:
        raise Refused("A request names one diagnosis or more. Add a diagnosis.")
    if received_at > at:
        raise Refused("A request was not received in the future. Mend the time of receipt.")
    require_cover(member, coverage, local_day(received_at))
    require_care_to_come(review_type, urgency)
    if coverage.line_of_business == LineOfBusiness.MEDICAID and rating_period_start is None:
        rating_period_start = local_day(received_at).replace(month=1, day=1)
    if rating_period_start and rating_period_start > local_day(received_at):
        raise Refused(
            "A request is under the rating period that has begun when it is received. Give the"
            " start of that one."
        )
    request = Request(
        number=request_number(received_at),
        member=member,
        coverage=coverage,
        line_of_business=coverage.line_of_business,
        jurisdiction=coverage.jurisdiction,
        requesting_provider=requesting_provider,
        ordering_provider=ordering_provider,
        servicing_provider=servicing_provider,
        review_type=review_type,
        urgency=urgency,
        urgency_attested_by=urgency_attested_by,
        channel=channel,
        received_at=received_at,
        summary=summary,
        item_kinds=dict(item_kinds or {}),
        course_ends_at=course_ends_at,
        rating_period_start=rating_period_start,
        entered_by=by,
        entered_at=at,
    )
    require_known_kinds(request, rule_book())
    request.save()
    require_in_scope(request, by)
    add_lines(request, lines, add_diagnoses(request, diagnoses))
    channel = request.get_channel_display()
    sentence = f"Received by {channel[:1].lower()}{channel[1:]}."
    milestone = record(request, Event.Name.RECEIVED, by=None, at=received_at, sentence=sentence)
    note_receipt(request, milestone, at=received_at, by=by)
    if information_complete_at is not None:
        note_complete(request, milestone, at=information_complete_at, by=by)
    due = request.decision_due_at
    after = {"state": request.state, "decision_due_at": due and due.isoformat()}
    record(request, Event.Name.ENTERED, by=by, at=at, sentence=f"Entered by {by}.", after=after)
    return request


def note_receipt(request: Request, milestone: Event, *, at: datetime, by: Reviewer | None) -> None:
    """The receipt with all that a rule may ask about it; it opens the decision's clock."""
    note(
        request=request,
        type=EventType.RECEIVED,
        at=at,
        by=by,
        milestone=milestone,
        channel=request.channel,
        course_ends_at=request.course_ends_at,
        rating_period_start=request.rating_period_start,
    )


def note_complete(request: Request, milestone: Event, *, at: datetime, by: Reviewer) -> None:
    if at < request.received_at:
        raise Refused("The request is not complete before it is received. Mend the time.")
    complete = EventType.NECESSARY_INFORMATION_RECEIVED
    note(request=request, type=complete, at=at, by=by, milestone=milestone)


def require_care_to_come(review_type: str, urgency: str) -> None:
    if review_type == ReviewType.RETROSPECTIVE and urgency == Urgency.EXPEDITED:
        raise Refused(
            "What was already done is not urgent: only care that is still to come can be expedited"
            " (29 CFR 2560.503-1(m)(1)). Enter the request as standard."
        )


def require_cover(member: Member, coverage: Coverage, on: date) -> None:
    if coverage.member_id != member.pk:
        raise Refused("The coverage is another member's. Choose one of this member.")
    if not coverage.is_in_force(on):
        raise Refused(
            "The member did not have this coverage on the day of receipt. Choose the one they had."
        )


def add_diagnoses(request: Request, codes: Sequence[str]) -> list[Diagnosis]:
    return Diagnosis.objects.bulk_create(
        Diagnosis(request=request, position=position, code=normalise(code))
        for position, code in enumerate(codes, 1)
    )


def add_lines(request: Request, lines: Sequence[LineAsked], diagnoses: Sequence[Diagnosis]) -> None:
    for position, asked in enumerate(lines, 1):
        if asked.place_of_service and asked.place_of_service not in places_of_service():
            raise Refused(f"Line {position} names a place of service that is none. Mend it.")
        if not set(asked.diagnoses) <= set(range(1, len(diagnoses) + 1)):
            raise Refused(f"Line {position} points to a diagnosis that is not there. Mend it.")
        line = ServiceLine.objects.create(
            request=request,
            position=position,
            system=asked.system,
            code=normalise(asked.code),
            modifiers=list(asked.modifiers),
            units=asked.units,
            frequency=asked.frequency,
            place_of_service=asked.place_of_service,
            starts_on=asked.starts_on,
            ends_on=asked.ends_on,
        )
        chosen = [diagnoses[number - 1] for number in asked.diagnoses]
        line.diagnoses.set(chosen or diagnoses)


@verb
def claim_request(*, request: Request, by: Reviewer, at: datetime) -> Request:
    """Take a request that nobody has, or whose holder is out and one covers; what was referred is
    taken by a physician of the expertise that it asks for."""
    lock(request, by=by, needs=[REVIEW])
    require_state(request, Request.OPEN, "a request is taken")
    if request.assigned_to_id == by.pk:
        raise Refused(f"You have taken request {request} already.")
    holder = request.assigned_to
    if holder is not None and not stands_in(by, holder, at):
        raise Refused(
            f"{holder} has taken request {request}. Take another one, or have this one assigned to"
            " you."
        )
    if stood_at(request) == State.REFERRED:
        account(by, DENY)
        if why := unfit_for(request, by, at):
            raise Refused(f"{why} Leave it to one who has it, or have it assigned to you.")
    starts = request.state in STARTS_WITH
    state = State.IN_REVIEW if starts else State(request.state)
    said = f"Taken by {by}, who covers for {holder}." if holder else f"Taken by {by}."
    change(request, Event.Name.CLAIMED, by=by, at=at, sentence=said, assigned_to=by, state=state)
    if starts:
        record(request, Event.Name.REVIEW_STARTED, by=by, at=at)
    return request


@verb
def assign_request(*, request: Request, to: Reviewer, by: Reviewer, at: datetime) -> Request:
    """Hand an open request to someone; one that was referred goes to a physician. Whoever assigns
    may judge a person's expertise otherwise than by the license: the record says so."""
    lock(request, by=by, needs=[ASSIGN])
    require_state(request, Request.OPEN, "a request is assigned")
    require_in_scope(request, to, REVIEW, *([DENY] if stood_at(request) == State.REFERRED else []))
    if request.assigned_to_id == to.pk:
        raise Refused(f"Request {request} is assigned to {to} already.")
    state = State.IN_REVIEW if request.state in STARTS_WITH else State(request.state)
    said = f"Assigned to {to} by {by}."
    if unfit_for(request, to, at):
        said += f" The referral asks for {request.specialty}."
    change(request, Event.Name.ASSIGNED, by=by, at=at, sentence=said, assigned_to=to, state=state)
    return request


@verb
def release_request(*, request: Request, by: Reviewer, at: datetime) -> Request:
    """Give a request back to the queue: one's own, or anyone's for who assigns."""
    lock(request, by=by, needs=[REVIEW, ASSIGN])
    require_state(request, Request.OPEN, "a request is given back")
    if request.assigned_to is None:
        raise Refused(f"Nobody has taken request {request}. It is in the queue.")
    if request.assigned_to_id != by.pk:
        account(by, ASSIGN)
    said = f"Given back to the queue by {by}."
    change(request, Event.Name.RELEASED, by=by, at=at, sentence=said, assigned_to=None)
    return request


@verb
def request_information(
    *,
    request: Request,
    wanted: str,
    by: Reviewer,
    at: datetime,
    letters: Sequence[Mapping[str, Any]] = (),
) -> Request:
    """Ask for what the record lacks. No clock stops by this alone."""
    lock(request, by=by, needs=[REVIEW])
    require_state(request, (State.IN_REVIEW, State.REFERRED), "information is asked for")
    require_assigned(request, by)
    require_words(wanted, "what information is needed")
    name = Event.Name.INFORMATION_REQUESTED
    milestone = change(
        request,
        name,
        by=by,
        at=at,
        sentence=wanted,
        after={"letters": list(letters)} if letters else None,
        state=State.INCOMPLETE,
    )
    asked = EventType.INFORMATION_REQUESTED
    note(request=request, type=asked, at=at, by=by, milestone=milestone)
    return request


@verb
def receive_information(
    *, request: Request, what: str, by: Reviewer, at: datetime, is_complete: bool = False
) -> Request:
    """Note what came in; a request that waited for it goes on where it stood.

    With `is_complete` everything is in hand that the decision needs: some limits run from then.
    """
    lock(request, by=by, needs=[REVIEW, ENTER])
    require_state(request, Request.OPEN, "information is received")
    require_words(what, "what was received")
    name, state = Event.Name.INFORMATION_RECEIVED, stood_at(request)
    milestone = change(request, name, by=by, at=at, sentence=what, state=state)
    received = EventType.INFORMATION_RECEIVED
    note(request=request, type=received, at=at, by=by, milestone=milestone)
    if is_complete:
        note_complete(request, milestone, at=at, by=by)
    return request


def stood_at(request: Request) -> State:
    """Where a request stands, or stood before it began to wait for information."""
    if request.state != State.INCOMPLETE:
        return State(request.state)
    began = request.events.filter(after__state=State.INCOMPLETE)
    asked = began.exclude(before__state=State.INCOMPLETE).last()
    return State(asked.before["state"]) if asked else State.IN_REVIEW


def unfit_for(request: Request, person: Reviewer, at: datetime) -> str:
    """Why a referral asks for an expertise that others have and the person does not, or nothing."""
    if not request.specialty or stood_at(request) != State.REFERRED:
        return ""
    return expertise.reason(request, person, local_day(at))


@verb
def withdraw_request(*, request: Request, reason: str, by: Reviewer, at: datetime) -> Request:
    """The requester takes the whole request back."""
    name, state = Event.Name.WITHDRAWN, State.WITHDRAWN
    return end(request, name, state, reason, [REVIEW, ENTER], by=by, at=at, of_anyone=True)


@verb
def dismiss_request(*, request: Request, reason: str, by: Reviewer, at: datetime) -> Request:
    """It is not a request that can be decided."""
    return end(request, Event.Name.DISMISSED, State.DISMISSED, reason, [REVIEW], by=by, at=at)


@verb
def mark_no_authorization_required(
    *, request: Request, reason: str, by: Reviewer, at: datetime
) -> Request:
    """The service needs no authorization."""
    name, state = Event.Name.NO_AUTHORIZATION_REQUIRED, State.NO_AUTHORIZATION_REQUIRED
    return end(request, name, state, reason, [REVIEW], by=by, at=at)


def end(
    request: Request,
    name: Event.Name,
    state: State,
    reason: str,
    needs: Sequence[str],
    *,
    by: Reviewer,
    at: datetime,
    of_anyone: bool = False,
) -> Request:
    """End an open request without a decision on any of its lines; what another has in hand is
    left to them unless `of_anyone`."""
    lock(request, by=by, needs=needs)
    require_state(request, Request.OPEN, "this is done")
    if request.assigned_to_id is not None and not of_anyone:
        require_assigned(request, by)
    require_words(reason, "the reason")
    if Determination.objects.filter(request=request).exists():
        raise Refused("Some lines are decided already. Decide the others one by one.")
    milestone = change(request, name, by=by, at=at, sentence=reason, state=state)
    end_clocks(request=request, why=ENDS[state], milestone=milestone)
    end_awaited(request, milestone, by=by)
    return request


@verb
def close_request(*, request: Request, by: Reviewer, at: datetime) -> Request:
    """Everything is decided and everyone was told; also one that was reopened for nothing."""
    lock(request, by=by, needs=[REVIEW, ASSIGN, "reviewer.send_notice"])
    require_state(request, [State.NOTIFIED, *Request.OPEN], "a request is closed")
    if not everyone_is_told(request):
        raise Refused("Not every line is decided and told to member and provider. Do that first.")
    said = f"Closed by {by}."
    milestone = change(request, Event.Name.CLOSED, by=by, at=at, sentence=said, state=State.CLOSED)
    end_awaited(request, milestone, by=by)
    keep_due(request)
    return request


@verb
def reopen_request(*, request: Request, reason: str, by: Reviewer, at: datetime) -> Request:
    """Look at an ended request again; what was decided stands until it is corrected.

    Its decision was made in time or not, and no other limit is stated for looking again. A
    request that ended without a decision is received anew.
    """
    lock(request, by=by, needs=[REVIEW, ASSIGN])
    require_state(request, ENDED, "a request is reopened")
    require_words(reason, "why the request is reopened")
    is_undecided = request.state in ENDS
    milestone = change(
        request,
        Event.Name.REOPENED,
        by=by,
        at=at,
        sentence=reason,
        state=State.REOPENED,
        assigned_to=None,
    )
    if is_undecided:
        note_receipt(request, milestone, at=at, by=by)
    keep_due(request)
    return request
