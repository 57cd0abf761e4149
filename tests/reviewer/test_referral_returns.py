"""A referral comes back with a question; the expertise that it needs is suggested and kept."""

import pytest
from django.urls import reverse

from policies.models import LineOfBusiness
from reviewer.models import ReferralReturn, Request, Role
from reviewer.permissions import assign_role
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import claim_request
from reviewer.workflow.reviews import refer_request, return_referral
from tests import factories
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db
QUESTION = "Was the pain there before the injury?"


@pytest.fixture
def taken(cast):
    """Referred by the nurse and taken by the physician."""
    request = factories.make_referral(cast).request
    claim_request(request=request, by=cast.physician, at=factories.now())
    return request


def give_back(request, by, question=QUESTION):
    return return_referral(request=request, question=question, by=by, at=factories.now())


def test_who_referred_it_has_it_again_with_the_question(cast, taken):
    returned = give_back(taken, cast.physician)

    taken.refresh_from_db()
    assert (taken.state, taken.assigned_to) == (Request.State.IN_REVIEW, cast.nurse)
    assert returned.referral == taken.referrals.get()
    event = taken.events.latest("id")
    assert (event.get_name_display(), event.sentence) == ("Returned with a question", QUESTION)


def test_of_who_is_gone_it_goes_to_the_queue(cast, taken):
    cast.nurse.user.is_active = False
    cast.nurse.user.save()

    give_back(taken, cast.physician)

    taken.refresh_from_db()
    assert (taken.state, taken.assigned_to) == (Request.State.IN_REVIEW, None)


@pytest.mark.parametrize("lost", ["the line of business", "the role"])
def test_of_who_may_not_work_on_it_any_more_it_goes_to_the_queue(cast, taken, lost):
    if lost == "the role":
        assign_role(reviewer=cast.nurse, role=Role.AUDITOR)
    else:
        cast.nurse.lines_of_business = [LineOfBusiness.MEDICAID]
        cast.nurse.save()

    give_back(taken, cast.physician)

    taken.refresh_from_db()
    assert (taken.state, taken.assigned_to) == (Request.State.IN_REVIEW, None)


def test_it_may_be_referred_again_and_returned_again(cast, taken):
    give_back(taken, cast.physician)
    factories.make_referral(cast, taken, reasons="The pain began with the injury.")
    claim_request(request=taken, by=cast.physician, at=factories.now())

    give_back(taken, cast.physician, "By whose word?")

    assert ReferralReturn.objects.count() == 2


def refused(words, request, by, question=QUESTION):
    with pytest.raises(Refused, match=words):
        give_back(request, by, question)
    assert not ReferralReturn.objects.exists()


def test_a_nurse_returns_nothing(cast, taken):
    refused("Only a physician reviewer", taken, cast.nurse)


def test_a_return_asks_something(cast, taken):
    refused("what you ask", taken, cast.physician, " ")


def test_what_another_has_is_left_to_them(cast, taken):
    refused("assigned to Maya Lindqvist", taken, cast.other_physician)


def test_what_was_not_referred_is_not_returned(cast):
    refused(
        "a referral is returned", factories.make_claimed(cast, by=cast.physician), cast.physician
    )


def test_a_referral_of_ones_own_is_not_returned(cast):
    request = factories.make_claimed(cast, by=cast.physician)
    factories.make_referral(cast, request, by=cast.physician)
    claim_request(request=request, by=cast.physician, at=factories.now())

    refused("You referred it yourself", request, cast.physician)


def test_the_expertise_stays_with_the_request(cast, taken):
    assert taken.specialty == "Physical medicine"

    give_back(taken, cast.physician)
    facts = {"recommendation": "deny", "reasons": "As before.", "specialty": ""}
    refer_request(request=taken, **facts, by=cast.nurse, at=factories.now())

    assert taken.specialty == "Physical medicine"


def address(request, name):
    return reverse(f"reviewer:{name}", args=[request.number])


def test_suggested_is_the_expertise_of_valid_licenses_in_scope(cast, sign_in):
    request = factories.make_claimed(cast)

    page = sign_in(cast.nurse).get(address(request, "request_refer")).content.decode()

    assert '<option value="Physical medicine">' in page
    assert '<option value="Orthopedic surgery">' in page
    assert "Neurology" not in page  # the license has ended
    assert "Pediatrics" not in page  # sees Medicaid only


def test_the_expertise_of_the_provider_is_suggested_first(cast, sign_in):
    cast.therapist.specialty = "orthopedic surgery"
    cast.therapist.save()
    request = factories.make_claimed(cast)

    form = sign_in(cast.nurse).get(address(request, "request_refer")).context["form"]

    assert form["specialty"].value() == "Orthopedic surgery"


def test_the_workspace_shows_the_question_and_offers_the_return(cast, sign_in, taken):
    client = sign_in(cast.physician)
    assert "Return with a question" in client.get(taken.get_absolute_url()).content.decode()

    post(client, address(taken, "request_return"), question=QUESTION)

    page = sign_in(cast.nurse).get(taken.get_absolute_url()).content.decode()
    assert "Maya Lindqvist asks" in page
    assert QUESTION in page
    assert address(taken, "request_return") not in page
