"""What a referral asks for and whose license names it: queue, Next, taking and assigning."""

from datetime import date

import pytest

from reviewer.models import Credential, Request
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import assign_request, claim_request
from reviewer.workflow.taking import NotAll, assign_requests, take_next
from tests import factories
from tests.cast import enter_physician, license_reviewer
from tests.reviewer.pages import post, queries_of

pytestmark = pytest.mark.django_db
ORTHOPEDICS = "Orthopedic surgery"  # the license of Samuel Adeyemi names it


@pytest.fixture
def asked(cast):
    """A referral that asks for orthopedic surgery."""
    return factories.make_referral(cast, specialty=ORTHOPEDICS).request


def holder(request):
    return Request.objects.get(pk=request.pk).assigned_to


def test_a_physician_of_the_expertise_takes_it_and_another_does_not(cast, asked):
    with pytest.raises(Refused, match="asks for Orthopedic surgery, and the license of Maya"):
        claim_request(request=asked, by=cast.physician, at=factories.now())

    claim_request(request=asked, by=cast.other_physician, at=factories.now())

    assert holder(asked) == cast.other_physician


def test_the_words_of_license_and_referral_agree_in_any_letters(cast):
    asked = factories.make_referral(cast, specialty="ORTHOPEDIC surgery").request

    claim_request(request=asked, by=cast.other_physician, at=factories.now())

    assert holder(asked) == cast.other_physician


@pytest.mark.parametrize("specialty", ["", "Orthopaedics"])
def test_what_no_license_here_names_closes_a_referral_to_nobody(cast, specialty):
    asked = factories.make_referral(cast, specialty=specialty).request

    assert take_next(by=cast.physician, at=factories.now()) == asked


@pytest.mark.parametrize(
    "gone", [{"valid_to": "2020-06-30"}, {"revoked_on": "2021-01-01"}, {"kind": "nurse"}]
)
def test_a_license_that_does_not_hold_today_is_none(cast, asked, gone):
    Credential.objects.filter(reviewer=cast.other_physician).update(**gone)

    assert take_next(by=cast.physician, at=factories.now()) == asked


def test_an_expertise_whose_license_ended_is_ones_own_no_more(cast, asked):
    license_reviewer(
        cast.physician,
        kind=Credential.Kind.PHYSICIAN,
        title="MD",
        specialty=ORTHOPEDICS,
        valid_to=date(2020, 6, 30),
    )

    with pytest.raises(Refused, match="asks for Orthopedic surgery"):
        claim_request(request=asked, by=cast.physician, at=factories.now())


def test_a_closed_account_holds_nothing_back(cast, asked):
    cast.other_physician.user.is_active = False
    cast.other_physician.user.save()

    assert take_next(by=cast.physician, at=factories.now()) == asked


def test_who_sees_other_lines_of_business_holds_nothing_back(cast):
    asked = factories.make_referral(cast, specialty="Pediatrics").request  # Medicaid only has one

    assert take_next(by=cast.physician, at=factories.now()) == asked


def test_next_passes_over_what_asks_for_an_expertise_of_others(cast, asked):
    own = factories.make_referral(cast).request  # asks for physical medicine
    plain = factories.make_request(cast)

    assert take_next(by=cast.physician, at=factories.now()) == own
    assert take_next(by=cast.physician, at=factories.now()) == plain
    with pytest.raises(Refused, match="wait for Orthopedic surgery, which your license does not"):
        take_next(by=cast.physician, at=factories.now())
    assert take_next(by=cast.other_physician, at=factories.now()) == asked


def test_nurses_are_told_nothing_of_expertise(cast, asked):
    with pytest.raises(Refused) as refusal:
        take_next(by=cast.nurse, at=factories.now())

    assert "Orthopedic" not in refusal.value.sentence


def test_who_assigns_may_judge_otherwise_and_the_record_says_so(cast, asked):
    assign_request(request=asked, to=cast.physician, by=cast.supervisor, at=factories.now())

    said = asked.events.filter(name="assigned").latest("id").sentence
    assert said.endswith("by Grace Moreno. The referral asks for Orthopedic surgery.")
    assert holder(asked) == cast.physician


def test_many_at_once_go_only_to_the_expertise_they_ask_for(cast, asked):
    at = factories.now()

    with pytest.raises(NotAll) as refusal:
        assign_requests(requests=[asked], to=cast.physician, by=cast.supervisor, at=at)

    assert "asks for Orthopedic surgery" in refusal.value.refused[asked.number]
    assert not holder(asked)
    assert assign_requests(requests=[asked], to=cast.other_physician, by=cast.supervisor, at=at)


def test_the_queue_says_for_whom_it_is_instead_of_offering_it(cast, asked, sign_in):
    take = f'aria-label="Take {asked.number}"'

    page = sign_in(cast.physician).get("/queue").content.decode()

    assert "for Orthopedic surgery</span>" in page
    assert take not in page
    assert take in sign_in(cast.other_physician).get("/queue").content.decode()


def test_the_workspace_says_why_it_cannot_be_taken(cast, asked, sign_in):
    page = sign_in(cast.physician).get(asked.get_absolute_url()).content.decode()

    assert "the license of Maya Lindqvist names Physical medicine. Who has that takes it" in page
    assert "Take this request" not in page
    again = sign_in(cast.other_physician).get(asked.get_absolute_url()).content.decode()
    assert "Take this request" in again


def test_assigning_says_what_is_asked_for_and_what_each_license_names(cast, asked, sign_in):
    address = f"{asked.get_absolute_url()}/assign"

    page = sign_in(cast.supervisor).get(address).content.decode()

    assert "The referral asks for Orthopedic surgery." in page
    assert "Maya Lindqvist, physician reviewer; Physical medicine" in page


def test_the_queue_takes_no_more_queries_for_more_physicians(cast, asked, sign_in):
    client = sign_in(cast.physician)
    few = queries_of(client, "/queue")

    for place in range(3):
        enter_physician(f"doctor{place}", f"Doctor Number{place}", f"Expertise {place}")
        factories.make_referral(cast, specialty=f"Expertise {place}")

    assert queries_of(client, "/queue") == few


def test_taking_it_by_its_button_is_refused_in_words(cast, asked, sign_in):
    client = sign_in(cast.physician)

    post(client, f"{asked.get_absolute_url()}/claim")

    assert "Leave it to one who has it" in client.get("/queue").content.decode()
    assert not holder(asked)
