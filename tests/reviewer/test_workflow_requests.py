"""A request from its receipt to its end: states, who may, and the event of each step."""

from datetime import date, timedelta

import pytest

from reviewer.models import Event, Request, Urgency
from reviewer.workflow.errors import UNKNOWN, Refused, explain
from reviewer.workflow.requests import (
    assign_request,
    claim_request,
    close_request,
    dismiss_request,
    mark_no_authorization_required,
    receive_information,
    release_request,
    reopen_request,
    request_information,
    withdraw_request,
)
from reviewer.workflow.reviews import refer_request
from tests import factories
from tests.factories import now

pytestmark = pytest.mark.django_db
State = Request.State


def names(request):
    return [event.name for event in request.events.all()]


@pytest.fixture
def request_(cast):
    return factories.make_request(cast)


@pytest.fixture
def taken(cast):
    return factories.make_claimed(cast)


def test_request_is_entered_with_its_clock(cast, request_):
    assert request_.number.startswith("R-26-")
    assert request_.state == State.RECEIVED
    assert request_.decision_rule == "ERISA.PRE.INIT"
    assert request_.decision_citation == "29 CFR 2560.503-1(f)(2)(iii)(A)"
    assert names(request_) == [Event.Name.RECEIVED, Event.Name.ENTERED]
    received, entered = request_.events.all()
    assert (received.at, received.by) == (request_.received_at, None)
    assert (entered.by, entered.after["state"]) == (cast.intake, "received")


def test_lines_point_to_their_diagnoses(cast):
    lines = [factories.line(diagnoses=(2,)), factories.line("97546", diagnoses=())]
    request = factories.make_request(cast, lines=lines, diagnoses=["S39.012A", "m54.50"])

    first, second = request.lines.all()
    assert [one.code for one in first.diagnoses.all()] == ["M5450"]
    assert [one.code for one in second.diagnoses.all()] == ["S39012A", "M5450"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"lines": []}, "Add a line"),
        ({"diagnoses": []}, "Add a diagnosis"),
        ({"received_at": now() + timedelta(days=1)}, "not received in the future"),
        ({"received_at": now() - timedelta(days=4000)}, "did not have this coverage"),
        ({"lines": [factories.line(diagnoses=(2,))]}, "a diagnosis that is not there"),
        ({"lines": [factories.line(units=0)]}, "A line asks for one unit or more"),
        ({"lines": [factories.line(ends_on=date(2020, 1, 1))]}, "does not end before it starts"),
        ({"urgency": Urgency.EXPEDITED}, "Say who attested that the request is urgent"),
    ],
)
def test_unsound_request_is_refused_whole(cast, wrong, sentence):
    with pytest.raises(Refused, match=sentence):
        factories.make_request(cast, **wrong)
    assert not Request.objects.exists()


def test_coverage_is_the_member_s(cast):
    from reviewer.models import Member

    other = Member.objects.create(
        number="M9", given_name="Ben", family_name="Hill", born_on=date(1980, 1, 1)
    )
    with pytest.raises(Refused, match="another member's"):
        factories.make_request(cast, member=other)


def test_taking_a_request_starts_the_review(cast, request_):
    claim_request(request=request_, by=cast.nurse, at=now())

    assert (request_.state, request_.assigned_to) == (State.IN_REVIEW, cast.nurse)
    assert names(request_)[2:] == [Event.Name.CLAIMED, Event.Name.REVIEW_STARTED]
    claimed = request_.events.get(name="claimed")
    assert claimed.before == {"assigned_to": None, "state": "received"}
    assert claimed.after == {"assigned_to": "rokafor", "state": "in_review"}


def test_taken_request_is_taken_by_nobody_else(cast, taken):
    with pytest.raises(Refused, match=r"Rosa Okafor has taken request .* Take another one"):
        claim_request(request=taken, by=cast.physician, at=now())
    with pytest.raises(Refused, match="You have taken request"):
        claim_request(request=taken, by=cast.nurse, at=now())


def test_intake_takes_nothing(cast, request_):
    with pytest.raises(Refused, match="Only a nurse reviewer or physician reviewer may do this"):
        claim_request(request=request_, by=cast.intake, at=now())


def test_supervisor_assigns_within_scope(cast, request_):
    with pytest.raises(Refused, match="Theo Brandt does not see requests of Commercial, insured"):
        assign_request(request=request_, to=cast.other_nurse, by=cast.supervisor, at=now())
    with pytest.raises(Refused, match="Ines Pardo may not do this work"):
        assign_request(request=request_, to=cast.intake, by=cast.supervisor, at=now())

    assign_request(request=request_, to=cast.nurse, by=cast.supervisor, at=now())

    assert (request_.state, request_.assigned_to) == (State.IN_REVIEW, cast.nurse)
    assert request_.events.last().sentence == "Assigned to Rosa Okafor by Grace Moreno."


def test_nurse_assigns_nobody(cast, request_):
    with pytest.raises(Refused, match="Only a supervisor may do this"):
        assign_request(request=request_, to=cast.physician, by=cast.nurse, at=now())


def test_request_is_given_back_by_its_holder_or_the_supervisor(cast, taken):
    with pytest.raises(Refused, match="Only a supervisor"):
        release_request(request=taken, by=cast.physician, at=now())

    release_request(request=taken, by=cast.nurse, at=now())

    assert (taken.assigned_to, taken.state) == (None, State.IN_REVIEW)
    with pytest.raises(Refused, match="It is in the queue"):
        release_request(request=taken, by=cast.supervisor, at=now())


def test_referral_hands_the_request_to_the_physicians(cast, taken):
    factories.make_referral(cast, taken)

    assert (taken.state, taken.assigned_to) == (State.REFERRED, None)
    claim_request(request=taken, by=cast.physician, at=now())
    assert taken.state == State.REFERRED


def test_referral_gives_its_reasons(cast, taken):
    said = {"recommendation": "deny", "specialty": "", "by": cast.nurse, "at": now()}
    with pytest.raises(Refused, match="Say why the request is referred"):
        refer_request(request=taken, reasons=" ", **said)
    with pytest.raises(Refused, match="Say what you recommend"):
        refer_request(request=taken, reasons="Unmet.", **said | {"recommendation": "maybe"})


def test_request_goes_on_where_it_waited_for_information(cast, taken):
    factories.make_referral(cast, taken)
    claim_request(request=taken, by=cast.physician, at=now())
    due = taken.decision_due_at

    request_information(request=taken, wanted="The plan of care.", by=cast.physician, at=now())
    assert taken.state == State.INCOMPLETE
    receive_information(request=taken, what="The plan of care.", by=cast.intake, at=now())

    assert (taken.state, taken.assigned_to) == (State.REFERRED, cast.physician)
    assert taken.decision_due_at == due  # a plain request for information stops no clock


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        (withdraw_request, State.WITHDRAWN),
        (dismiss_request, State.DISMISSED),
        (mark_no_authorization_required, State.NO_AUTHORIZATION_REQUIRED),
    ],
)
def test_request_ends_without_a_decision(cast, taken, verb, state):
    with pytest.raises(Refused, match="Say the reason"):
        verb(request=taken, reason="", by=cast.nurse, at=now())

    verb(request=taken, reason="Asked for by mistake.", by=cast.nurse, at=now())

    assert taken.state == state
    assert taken.events.last().sentence == "Asked for by mistake."
    with pytest.raises(Refused, match="Reload the page to see what happened"):
        verb(request=taken, reason="Once more.", by=cast.nurse, at=now())


@pytest.mark.parametrize("verb", [dismiss_request, mark_no_authorization_required])
def test_what_another_has_in_hand_is_not_ended_by_anyone_else(cast, taken, verb):
    with pytest.raises(Refused, match="assigned to Rosa Okafor"):
        verb(request=taken, reason="Asked for by mistake.", by=cast.physician, at=now())

    assert taken.is_open


def test_the_requester_s_withdrawal_is_recorded_by_whoever_hears_of_it(cast, taken):
    withdraw_request(request=taken, reason="By phone.", by=cast.intake, at=now())

    assert taken.state == State.WITHDRAWN


def test_request_with_a_decided_line_is_not_withdrawn_whole(cast):
    lines = [factories.line(), factories.line("97546")]
    made = factories.make_approved(cast, lines=lines)

    with pytest.raises(Refused, match="Decide the others one by one"):
        withdraw_request(request=made.request, reason="Withdrawn.", by=cast.nurse, at=now())


def test_request_is_closed_when_everyone_is_told(cast):
    made = factories.make_approved(cast)
    with pytest.raises(Refused, match="stands at “Determined”"):
        close_request(request=made.request, by=cast.nurse, at=now())

    factories.make_notice(cast, made)
    factories.make_notice(cast, made, recipient="provider", channel="fax")
    close_request(request=made.request, by=cast.nurse, at=now())

    assert made.request.state == State.CLOSED


def test_request_that_was_reopened_for_nothing_is_closed_again(cast):
    made = factories.make_approved(cast)
    request = made.request
    factories.make_notice(cast, made)
    factories.make_notice(cast, made, recipient="provider")
    reopen_request(request=request, reason="A call.", by=cast.supervisor, at=now())
    assert (request.state, request.assigned_to) == (State.REOPENED, None)

    claim_request(request=request, by=cast.nurse, at=now())
    close_request(request=request, by=cast.nurse, at=now())

    assert request.state == State.CLOSED


def test_open_request_is_not_reopened(cast, taken):
    with pytest.raises(Refused, match="a request is reopened only at"):
        reopen_request(request=taken, reason="A call.", by=cast.supervisor, at=now())


def test_every_step_counts_as_an_edit(cast, request_):
    before = request_.revision

    claim_request(request=request_, by=cast.nurse, at=now())

    assert request_.revision == before + 1


def test_refused_verb_leaves_nothing_behind(cast, taken):
    before = Event.objects.count()

    with pytest.raises(Refused):
        request_information(request=taken, wanted="", by=cast.nurse, at=now())

    taken.refresh_from_db()
    assert (taken.state, Event.objects.count()) == (State.IN_REVIEW, before)


def test_unknown_constraint_is_told_honestly():
    from django.db import IntegrityError

    assert explain(IntegrityError("something new")).sentence == UNKNOWN


def test_a_referred_request_stays_the_physicians_while_it_waits_for_information(cast):
    request = factories.make_referral(cast).request
    claim_request(request=request, by=cast.physician, at=now())
    request_information(request=request, wanted="The plan of care.", by=cast.physician, at=now())
    release_request(request=request, by=cast.physician, at=now())

    with pytest.raises(Refused, match="Only a physician reviewer may do this"):
        claim_request(request=request, by=cast.nurse, at=now())
    with pytest.raises(Refused, match="Rosa Okafor may not do this work"):
        assign_request(request=request, to=cast.nurse, by=cast.supervisor, at=now())
    claim_request(request=request, by=cast.physician, at=now())
    assert request.state == State.INCOMPLETE
