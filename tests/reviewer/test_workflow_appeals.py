"""Appeals: received, assigned to someone independent, decided, carried out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reviewer.models import ActiveDetermination, Appeal, Event, Outcome, Request
from reviewer.time import local_day
from reviewer.workflow.appeal_receipts import receive_appeal
from reviewer.workflow.appeals import (
    assign_appeal,
    decide_appeal,
    eligible_deciders,
    withdraw_appeal,
)
from reviewer.workflow.capsules import verify
from reviewer.workflow.determinations import correct_determination
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import claim_request, reopen_request
from tests import factories
from tests.cast import enter_physician, license_reviewer
from tests.factories import approval, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def appeal(cast):
    return factories.make_appeal(cast)


@pytest.fixture
def assigned(cast):
    return factories.make_assigned_appeal(cast)


def upheld(cast, appeal, **facts):
    said = {
        "outcome": "upheld",
        "root_cause": "",
        "substance": "The plan of care was read again.",
        "rationale_clinical": "It names a job.",
        "rationale_plain": "The program prepares you for a job.",
        "new_decision": None,
        "by": cast.other_physician,
        "at": now(),
    }
    return decide_appeal(appeal=appeal, **said | facts)


def test_appeal_is_received_with_its_clock(cast, appeal):
    assert appeal.number.startswith("A-26-")
    assert (appeal.level, appeal.state) == (1, Appeal.State.RECEIVED)
    assert (appeal.decision_rule, appeal.decision_citation) == (
        "ERISA.APP.PRE.1",
        "29 CFR 2560.503-1(i)(2)(ii)",
    )
    [received] = appeal.request.events.filter(name=Event.Name.APPEAL_RECEIVED)
    assert received.sentence == f"Appeal {appeal} by the member."


def receive(cast, determination, **facts):
    said = {
        "initiator": "member",
        "initiator_name": "Ada Winter",
        "urgency": "standard",
        "channel": "mail",
        "received_at": now(),
        "grounds": "It is needed.",
        "by": cast.appeals_coordinator,
        "at": now(),
    }
    return receive_appeal(determination=determination, **said | facts)


def test_approval_is_not_appealed(cast):
    with pytest.raises(Refused, match="nothing is appealed"):
        receive(cast, factories.make_approved(cast))


def test_determination_is_under_one_appeal_at_a_time(cast, appeal):
    with pytest.raises(Refused, match=f"under appeal already. Open appeal {appeal.number}"):
        receive(cast, appeal.determination)


def test_appeal_comes_after_the_determination(cast):
    made = factories.make_denied(cast)
    with pytest.raises(Refused, match="Mend the time"):
        receive(cast, made, received_at=now() - timedelta(days=2))
    with pytest.raises(Refused, match="Mend the time"):
        receive(cast, made, received_at=now() + timedelta(days=2))


def test_nurse_receives_no_appeal(cast):
    with pytest.raises(Refused, match="Only an appeals coordinator may do this"):
        receive(cast, factories.make_denied(cast), by=cast.nurse)


def test_everyone_left_out_is_told_why(cast, appeal):
    far_below = enter_physician("kbell", "Kit Bell", "Neurology", reports_to=cast.subordinate)
    pharmacist = enter_physician("rsoto", "Rae Soto", "")
    pharmacist.credentials.update(valid_to="2020-01-01")
    license_reviewer(pharmacist, kind="pharmacist", title="PharmD")

    judged = dict(eligible_deciders(appeal, on=local_day(now())))

    assert judged == {
        cast.other_physician: None,
        cast.physician: "Maya Lindqvist had a part in the request: signed a determination.",
        cast.subordinate: "Nora Whitfield reports to Maya Lindqvist, who had a part in the"
        " request: signed a determination.",
        far_below: "Kit Bell reports to Maya Lindqvist, who had a part in the request:"
        " signed a determination.",
        cast.expired_physician: "Victor Hale has no license that is valid today.",
        cast.medicaid_physician: "Priya Raman does not see requests of Commercial, insured.",
        pharmacist: "Rae Soto is not a physician, and the ground is medical necessity.",
    }
    assert next(iter(judged)) == cast.other_physician


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("physician", "had a part in the request"),
        ("subordinate", "reports to Maya Lindqvist"),
        ("expired_physician", "no license that is valid today"),
        ("medicaid_physician", "does not see requests"),
        ("nurse", "may not decide appeals"),
    ],
)
def test_appeal_is_assigned_to_nobody_who_may_not_decide_it(cast, appeal, who, sentence):
    with pytest.raises(Refused, match=f"{sentence}.* Choose someone else"):
        assign_appeal(appeal=appeal, to=getattr(cast, who), by=cast.supervisor, at=now())


def test_upheld_appeal_leaves_the_determination(cast, assigned):
    decision = upheld(cast, assigned)

    assert assigned.state == Appeal.State.DECIDED
    assert (decision.credential_kind, decision.original_signer) == ("physician", cast.physician)
    active = ActiveDetermination.objects.get(line=assigned.determination.line)
    assert active.determination == assigned.determination
    assert "upheld. Decided by Samuel Adeyemi." in assigned.request.events.last().sentence


def test_overturned_appeal_is_carried_out_at_once(cast, assigned):
    decision = factories.make_appeal_decision(cast, assigned)

    second = decision.determinations.get()
    assert second.replaces == assigned.determination
    assert (second.signed_by, second.outcome) == (cast.other_physician, Outcome.APPROVED)
    assert second.authorization_number.startswith("N-26-")
    assert second.replacement_reason == f"Appeal {assigned} was overturned: new information."
    assert ActiveDetermination.objects.get(line=second.line).determination == second
    assert Request.objects.get().state == Request.State.DETERMINED
    assert verify(second) == []
    assert [event.name for event in assigned.request.events.all()][-2:] == [
        Event.Name.APPEAL_DECIDED,
        Event.Name.DETERMINED,
    ]


def test_second_level_is_decided_by_neither_of_the_first(cast, assigned):
    upheld(cast, assigned)
    second = receive(cast, assigned.determination)

    assert second.level == 2
    judged = dict(eligible_deciders(second, on=local_day(now())))
    assert judged[cast.other_physician] == (
        "Samuel Adeyemi had a part in the request: decided an appeal."
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"outcome": "overturned"}, "Name the cause"),
        ({"outcome": "overturned", "root_cause": "clerical"}, "Say what is granted"),
        ({"outcome": "upheld", "root_cause": "clerical"}, "Only an overturned appeal has a cause"),
        ({"outcome": "perhaps"}, "choose an outcome"),
        ({"substance": " "}, "what the appeal says and what was looked into"),
        ({"rationale_plain": ""}, "in plain words for the member"),
    ],
)
def test_decision_says_what_it_must(cast, assigned, facts, sentence):
    with pytest.raises(Refused, match=sentence):
        upheld(cast, assigned, **facts)


def test_partly_overturned_appeal_grants_less_than_was_asked(cast, assigned):
    line = assigned.determination.line
    whole = approval(line, assigned.determination.version)
    partly = {"outcome": "partly_overturned", "root_cause": "criterion_misapplied"}
    with pytest.raises(Refused, match="the line is partially approved or modified"):
        upheld(cast, assigned, new_decision=whole, **partly)

    some = replace(
        factories.denial(assigned.determination.version),
        outcome=Outcome.PARTIALLY_APPROVED,
        units_granted=8,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
    )
    decision = upheld(cast, assigned, new_decision=some, **partly)

    assert decision.determinations.get().units_granted == 8


def test_appeal_is_decided_by_whom_it_is_assigned_to(cast, assigned):
    with pytest.raises(Refused, match="is not assigned to you"):
        upheld(cast, assigned, by=cast.subordinate)


def test_appeal_is_decided_once(cast, assigned):
    upheld(cast, assigned)
    with pytest.raises(Refused, match="is decided already"):
        upheld(cast, assigned)


def test_decider_who_took_a_part_meanwhile_is_refused(cast, assigned):
    from reviewer.models import Referral

    Referral.objects.create(
        request=assigned.request,
        recommendation="deny",
        reasons="Unmet.",
        referred_by=cast.other_physician,
        referred_at=now(),
    )
    with pytest.raises(Refused, match=r"had a part in the request.* assigned to someone else"):
        upheld(cast, assigned)


def test_withdrawn_appeal_leaves_the_determination(cast, assigned):
    withdraw_appeal(
        appeal=assigned, reason="The member called.", by=cast.appeals_coordinator, at=now()
    )

    assert assigned.state == Appeal.State.WITHDRAWN
    with pytest.raises(Refused, match="is withdrawn already"):
        upheld(cast, assigned)


def reopened_for(person, cast, assigned):
    """What an appeal put in the place of a denial, on a request that this person took again."""
    determination = factories.make_appeal_decision(cast, assigned).determinations.get()
    request = determination.request
    reopen_request(request=request, reason="A call.", by=cast.supervisor, at=now())
    claim_request(request=request, by=person, at=now())
    return determination


def correct(determination, *, by):
    return correct_determination(
        determination=determination,
        decision=factories.denial(determination.version),
        reason="Once more.",
        by=by,
        at=now(),
    )


def test_correction_of_what_an_appeal_decided_is_its_decider_s(cast, assigned):
    second = reopened_for(cast.physician, cast, assigned)

    with pytest.raises(Refused, match="Only Samuel Adeyemi may correct it"):
        correct(second, by=cast.physician)


def test_a_correction_says_what_the_appeal_s_decision_says(cast, assigned):
    second = reopened_for(cast.other_physician, cast, assigned)

    with pytest.raises(Refused, match="After this outcome the line is approved"):
        correct(second, by=cast.other_physician)
