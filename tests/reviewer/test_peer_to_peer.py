"""The talk between the plan's physician and the treating clinician: its verbs and its page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from reviewer.clocks import EventType
from reviewer.models import ClockEvent, Credential, Event, PeerToPeerStep, Request
from reviewer.time import local_day
from reviewer.workflow.errors import Refused
from reviewer.workflow.peer_to_peer import (
    attempt_peer_to_peer,
    decline_peer_to_peer,
    hold_peer_to_peer,
    offer_peer_to_peer,
    request_peer_to_peer,
)
from reviewer.workflow.requests import claim_request, withdraw_request
from tests import factories
from tests.cast import license_reviewer
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db

Kind = PeerToPeerStep.Kind
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def request_(cast):
    """Referred by the nurse and taken by the physician."""
    request = factories.make_referral(cast).request
    claim_request(request=request, by=cast.physician, at=factories.now())
    return request


def said(cast, request, **facts):
    at = factories.now()
    usual = {
        "request": request,
        "clinician": "L. Shore, MD",
        "words": "By telephone.",
        "happened_at": at - MINUTE,
        "by": cast.physician,
        "at": at,
    }
    return usual | facts


def held(cast, request, **facts):
    talk = {"result": "changed", "new_information": "An operation is set for May."}
    return said(cast, request, **talk | facts)


def test_intake_records_that_a_talk_is_asked_for_and_the_engine_knows_it(cast, request_):
    facts = said(cast, request_, by=cast.intake)

    step = request_peer_to_peer(**facts)

    assert (step.kind, step.at, step.recorded_by) == (
        "requested",
        facts["happened_at"],
        cast.intake,
    )
    noted = ClockEvent.objects.get(type=EventType.PEER_TO_PEER_REQUESTED.value)
    assert noted.at == facts["happened_at"]
    assert noted.milestone.name == Event.Name.PEER_TO_PEER_REQUESTED
    assert "L. Shore, MD" in noted.milestone.sentence


def test_every_step_has_its_milestone(cast, request_):
    later = factories.now() + HOUR
    offer_peer_to_peer(**said(cast, request_, proposed_for=later))
    attempt_peer_to_peer(**said(cast, request_))
    hold_peer_to_peer(**held(cast, request_))
    decline_peer_to_peer(**said(cast, request_))

    names = [one.name for one in request_.events.order_by("id")][-4:]
    assert names == [
        "peer_to_peer_offered",
        "peer_to_peer_attempted",
        "peer_to_peer_held",
        "peer_to_peer_declined",
    ]
    assert [one.kind for one in request_.peer_to_peer.order_by("id")] == [
        "offered",
        "attempted",
        "held",
        "declined",
    ]
    # Only that it was asked for may start a limit.
    assert not ClockEvent.objects.filter(type=EventType.PEER_TO_PEER_REQUESTED.value).exists()


def test_who_spoke_had_a_part_in_the_request(cast, request_):
    hold_peer_to_peer(**held(cast, request_))

    assert request_.involvements.filter(reviewer=cast.physician, part="spoke").exists()


def test_a_talk_may_follow_the_decision(cast):
    request = factories.make_denied(cast).request

    hold_peer_to_peer(**held(cast, request, by=cast.other_physician))

    assert request.peer_to_peer.get().result == "changed"


def refused(words, verb, facts):
    with pytest.raises(Refused, match=words):
        verb(**facts)
    assert not PeerToPeerStep.objects.exists()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"words": " "}, "what was said"),
        ({"clinician": " "}, "clinician's name"),
        ({"result": ""}, "what the talk came to"),
        ({"result": "more_information", "new_information": ""}, "what information will come"),
    ],
)
def test_a_talk_without_its_words_or_result_is_refused(cast, request_, facts, words):
    refused(words, hold_peer_to_peer, held(cast, request_, **facts))


def test_a_nurse_holds_no_talk(cast):
    request = factories.make_claimed(cast)

    refused("Only a physician reviewer", hold_peer_to_peer, held(cast, request, by=cast.nurse))


def test_a_physician_without_a_valid_license_holds_none(cast):
    request = factories.make_referral(cast, specialty="").request
    claim_request(request=request, by=cast.expired_physician, at=factories.now())
    facts = held(cast, request, by=cast.expired_physician)

    refused("no license of yours as a physician", hold_peer_to_peer, facts)


@pytest.mark.parametrize("verb", [attempt_peer_to_peer, decline_peer_to_peer])
def test_what_another_has_in_hand_is_left_to_them(cast, request_, verb):
    refused("assigned to Maya Lindqvist", verb, said(cast, request_, by=cast.nurse))


def test_a_nurses_license_does_for_no_talk(cast):
    doctor = cast.expired_physician
    license_reviewer(doctor, kind=Credential.Kind.NURSE, title="RN")
    request = factories.make_referral(cast, specialty="").request
    claim_request(request=request, by=doctor, at=factories.now())

    refused("no license of yours", hold_peer_to_peer, held(cast, request, by=doctor))


@pytest.mark.parametrize("days", [2, 0])
def test_the_license_is_one_of_the_day_of_the_talk(cast, days):
    at, doctor = factories.now(), cast.expired_physician
    Credential.objects.filter(reviewer=doctor).update(valid_to=local_day(at) - timedelta(days=1))
    received_at = at - timedelta(days=4)
    request = factories.make_claimed(cast, by=doctor, received_at=received_at)
    facts = held(cast, request, by=doctor, happened_at=at - timedelta(days=days) - MINUTE)

    if days:
        assert hold_peer_to_peer(**facts).kind == Kind.HELD
    else:
        refused("no license of yours", hold_peer_to_peer, facts)


def test_a_talk_about_what_another_has_in_hand_is_held_by_them(cast, request_):
    facts = held(cast, request_, by=cast.other_physician)
    later = said(cast, request_, by=cast.nurse, proposed_for=factories.now() + HOUR)

    refused("assigned to Maya Lindqvist", hold_peer_to_peer, facts)
    refused("assigned to Maya Lindqvist", offer_peer_to_peer, later)


def test_who_neither_reviews_nor_enters_records_no_talk(cast, request_):
    refused("may do this", request_peer_to_peer, said(cast, request_, by=cast.auditor))
    refused("may do this", attempt_peer_to_peer, said(cast, request_, by=cast.intake))


@pytest.mark.parametrize(
    ("verb", "words"), [(attempt_peer_to_peer, "how they were tried"), (decline_peer_to_peer, "")]
)
def test_a_try_and_a_refusal_take_their_words(cast, request_, verb, words):
    request_peer_to_peer(**said(cast, request_))  # what was asked for may be declined

    with pytest.raises(Refused, match=words or "what the clinician said"):
        verb(**said(cast, request_, words=" "))
    verb(**said(cast, request_))
    assert request_.peer_to_peer.count() == 2


def test_nothing_is_declined_that_was_not_offered(cast, request_):
    refused("No talk was offered", decline_peer_to_peer, said(cast, request_))


def test_a_step_lies_neither_in_the_future_nor_before_the_receipt(cast, request_):
    future = said(cast, request_, happened_at=factories.now() + HOUR)
    before = said(cast, request_, happened_at=request_.received_at - MINUTE)

    refused("in the future", attempt_peer_to_peer, future)
    refused("before the request was received", attempt_peer_to_peer, before)


@pytest.mark.parametrize("away", [-HOUR, timedelta(days=400)])
def test_a_talk_is_proposed_for_a_time_to_come_within_a_year(cast, request_, away):
    facts = said(cast, request_, proposed_for=factories.now() + away)

    refused("within a year", offer_peer_to_peer, facts)


def test_of_what_was_withdrawn_nobody_talks(cast, request_):
    withdraw_request(request=request_, reason="By phone.", by=cast.physician, at=factories.now())

    refused("Withdrawn", request_peer_to_peer, said(cast, request_))


def address(request, kind=""):
    at = reverse("reviewer:request_peer_to_peer", args=[request.number])
    return f"{at}?kind={kind}" if kind else at


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def typed(request, **facts):
    at = request.received_at + timedelta(minutes=30)
    return {
        "clinician": "L. Shore, MD",
        "happened_at": f"{at:%Y-%m-%dT%H:%M}",
        "words": "Pain at night since January.",
        **facts,
    }


def test_the_workspace_shows_the_talk_and_leads_to_its_page(cast, sign_in, request_):
    client = sign_in(cast.physician)
    hold_peer_to_peer(**held(cast, request_))

    page = text(client.get(request_.get_absolute_url()))

    assert "The answer turns" in page
    assert "An operation is set for May." in page
    assert f'href="{request_.get_absolute_url()}/peer-to-peer"' in page


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("requested", {"clinician", "happened_at", "words", "proposed_for"}),
        ("offered", {"clinician", "happened_at", "words", "proposed_for"}),
        ("attempted", {"clinician", "happened_at", "words"}),
        ("held", {"clinician", "happened_at", "words", "result", "new_information"}),
        ("declined", {"clinician", "happened_at", "words"}),
    ],
)
def test_each_kind_asks_its_own(cast, sign_in, request_, kind, asked):
    response = sign_in(cast.physician).get(address(request_, kind))

    assert set(response.context["form"].fields) == asked


def test_a_posted_step_is_on_record(cast, sign_in, request_):
    form = sign_in(cast.physician).get(address(request_, "held")).context["form"]
    now = form["happened_at"].value()
    facts = typed(request_, result="unchanged", happened_at=now.strftime("%Y-%m-%dT%H:%M"))

    response = post(sign_in(cast.physician), address(request_, "held"), **facts)

    assert response.headers["Location"] == request_.get_absolute_url()
    step = request_.peer_to_peer.get()
    assert (step.kind, step.result, step.words) == ("held", "unchanged", facts["words"])


def test_a_form_without_its_result_comes_back_with_what_was_typed(cast, sign_in, request_):
    page = text(post(sign_in(cast.physician), address(request_, "held"), **typed(request_)))

    assert "Nothing is chosen under “What it comes to”." in page
    assert "Pain at night since January." in page
    assert not PeerToPeerStep.objects.exists()


def test_intake_is_asked_only_for_a_request(cast, sign_in, request_):
    page = sign_in(cast.intake).get(address(request_, "held"))

    assert page.context["kinds"] == [Kind.REQUESTED]
    assert page.context["form"] is None


def test_of_a_closed_case_the_page_says_why_nothing_is_recorded(cast, sign_in, request_):
    withdraw_request(request=request_, reason="By phone.", by=cast.physician, at=factories.now())
    request_.refresh_from_db()
    assert request_.state == Request.State.WITHDRAWN

    assert "decided and not yet closed" in text(sign_in(cast.physician).get(address(request_)))
