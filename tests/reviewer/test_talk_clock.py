"""The limit for a talk between peers: which plan has one, what starts it, and what it waits for."""

from datetime import timedelta

import pytest
from django.urls import reverse

from reviewer.clocks import EventType
from reviewer.models import Clock, ClockEvent
from reviewer.workflow.clocks import decision_clock, recompute
from reviewer.workflow.peer_to_peer import (
    attempt_peer_to_peer,
    decline_peer_to_peer,
    hold_peer_to_peer,
    offer_peer_to_peer,
    request_peer_to_peer,
)
from reviewer.workflow.requests import claim_request, close_request, withdraw_request
from reviewer.workflow.rules import approve_rule_change, propose_rule_change
from tests import factories
from tests.factories import now

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def accredited(cast):
    """Two people enter that the plan of the request is accredited by URAC."""
    row = {
        "id": "harbor_ppo_urac",
        "line_of_business": cast.coverage.line_of_business,
        "jurisdiction": "any",
        "plan": cast.coverage.plan,
        "regime": "urac",
        "role": "target",
        "applies_from": "",
        "applies_to": "",
        "citation": "URAC Health UM",
        "confidence": "G",
        "note": "",
    }
    change = propose_rule_change(
        table="regimes", key=row["id"], row=row, reason="The accreditation.",
        by=cast.policy_editor.user, at=now(),
    )  # fmt: skip
    approve_rule_change(change=change, by=cast.policy_approver.user, at=now())


@pytest.fixture
def request_(cast):
    """Referred by the nurse and taken by the physician."""
    request = factories.make_referral(cast).request
    claim_request(request=request, by=cast.physician, at=now())
    return request


def said(cast, request, **facts):
    at = now()
    usual = {
        "request": request,
        "clinician": "L. Shore, MD",
        "words": "By telephone.",
        "happened_at": at,
        "by": cast.physician,
        "at": at,
    }
    return usual | facts


def held(cast, request):
    return hold_peer_to_peer(**said(cast, request, result="changed", new_information=""))


def the_clock(request):
    return Clock.objects.get(request=request, duty="peer_to_peer")


@pytest.fixture
def asked(cast, accredited, request_):
    request_peer_to_peer(**said(cast, request_))
    return request_


def test_a_plan_that_is_bound_has_one_business_day(cast, asked):
    # URAC Health UM: the talk is made available within one business day of the request for it
    clock = the_clock(asked)

    assert (clock.rule_id, clock.citation) == ("URAC.P2P", "URAC Health UM")
    assert clock.is_going
    assert clock.started_by.type == EventType.PEER_TO_PEER_REQUESTED.value
    assert timedelta() < clock.due_at - clock.started_by.at < timedelta(days=5)
    assert recompute([asked], at=now()) == []


def test_a_plan_that_no_accreditation_binds_has_no_such_limit(cast, request_):
    request_peer_to_peer(**said(cast, request_))
    held(cast, request_)

    assert not Clock.objects.filter(duty="peer_to_peer").exists()
    assert not ClockEvent.objects.filter(type=EventType.PEER_TO_PEER_MADE_AVAILABLE.value).exists()


def test_it_does_not_move_the_decision(cast, accredited, request_):
    before = decision_clock(request_).due_at

    request_peer_to_peer(**said(cast, request_))

    assert decision_clock(request_).due_at == before


STOPS = {
    "held": held,
    "declined": lambda cast, request: decline_peer_to_peer(**said(cast, request)),
    "offered": lambda cast, request: offer_peer_to_peer(
        **said(cast, request, proposed_for=the_clock(request).due_at)
    ),
}


@pytest.mark.parametrize("step", STOPS)
def test_it_stops_when_the_talk_is_made_available(cast, asked, step):
    made = STOPS[step](cast, asked)

    clock = the_clock(asked)
    assert clock.stopped_at == made.at
    assert clock.stopped_by.milestone.name == f"peer_to_peer_{step}"
    assert recompute([asked], at=now()) == []


GOES_ON = {
    "an attempt": lambda cast, request: attempt_peer_to_peer(**said(cast, request)),
    "an offer of a time after the limit": lambda cast, request: offer_peer_to_peer(
        **said(cast, request, proposed_for=the_clock(request).due_at + MINUTE)
    ),
    "a talk that was before it was asked for": lambda cast, request: hold_peer_to_peer(
        **said(
            cast,
            request,
            result="changed",
            new_information="",
            happened_at=the_clock(request).started_by.at - MINUTE,
        )
    ),
}


@pytest.mark.parametrize("step", GOES_ON)
def test_it_goes_on_after(cast, asked, step):
    GOES_ON[step](cast, asked)

    assert the_clock(asked).is_going


def test_asked_for_again_a_new_one_runs(cast, asked):
    held(cast, asked)
    request_peer_to_peer(**said(cast, asked))

    first, second = Clock.objects.filter(duty="peer_to_peer").order_by("pk")
    assert (first.is_going, second.is_going) == (False, True)


def test_a_request_that_was_withdrawn_has_no_talk_to_come(cast, asked):
    withdraw_request(request=asked, reason="No longer wanted.", by=cast.intake, at=now())

    assert the_clock(asked).ended == "withdrawn"


def test_of_a_decided_request_the_talk_is_still_to_come(cast, accredited):
    request = factories.make_claimed(cast)
    request_peer_to_peer(**said(cast, request, by=cast.nurse))

    factories.make_denied(cast, request=request)

    assert the_clock(request).is_going


def test_a_closed_request_has_no_talk_to_come(cast, accredited):
    denied = factories.make_denied(cast)
    request = denied.request
    for who in ("member", "provider"):
        factories.make_notice(cast, denied, recipient=who)
    request_peer_to_peer(**said(cast, request))

    close_request(request=request, by=cast.nurse, at=now())

    assert the_clock(request).ended == "overtaken"
    assert recompute([request], at=now()) == []


def address(request, name="request_peer_to_peer"):
    return reverse(f"reviewer:{name}", args=[request.number])


def test_pages_show_what_is_left_with_the_rule(cast, sign_in, asked):
    client, clock = sign_in(cast.physician), the_clock(asked)

    page = client.get(address(asked)).content.decode()
    assert clock.get_absolute_url() in page
    assert " left</a>" in page.partition("Until when")[2].partition("So far")[0]
    assert "URAC.P2P" in page
    for other in (address(asked, "request_clocks"), asked.get_absolute_url()):
        assert "Peer-to-peer conversation" in client.get(other).content.decode()


def test_without_a_limit_the_page_says_why(cast, sign_in, request_):
    client = sign_in(cast.physician)
    assert (
        "Nobody has asked for a talk, so no limit runs."
        in client.get(address(request_)).content.decode()
    )

    request_peer_to_peer(**said(cast, request_))

    page = client.get(address(request_)).content.decode()
    assert "No rule that this plan goes by limits the talk." in page
    assert "within 1 business day." in page
