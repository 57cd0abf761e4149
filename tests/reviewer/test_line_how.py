"""How often and where a service is asked for: on its request, beside a decision, in a capsule."""

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db
HOW = "2 a week for 6 weeks; place 11 Office"


@pytest.fixture
def line():
    return factories.line(frequency="2 a week for 6 weeks", place_of_service="11")


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_request_says_it_at_its_line(cast, sign_in, line):
    request = factories.make_claimed(cast, lines=[line])

    assert HOW in page(sign_in(cast.nurse), request.get_absolute_url())


def test_who_decides_has_it_beside(cast, sign_in, line):
    request = factories.make_claimed(cast, lines=[line])
    address = reverse("reviewer:determination_sign", args=[request.number, 1])

    assert HOW in page(sign_in(cast.nurse), address)


def test_the_capsule_keeps_it_and_its_page_says_it(cast, sign_in, line):
    determination = factories.make_approved(cast, lines=[line])
    client = sign_in(cast.nurse)

    kept = client.get(f"{determination.get_absolute_url()}/capsule.json").json()
    assert kept["line"]["frequency"] == "2 a week for 6 weeks"
    assert kept["line"]["place_of_service"] == "11"
    assert HOW in page(client, determination.get_absolute_url())


def test_a_request_that_does_not_say_it_shows_nothing(cast, sign_in):
    request = factories.make_claimed(cast)

    assert (
        "place "
        not in page(sign_in(cast.nurse), request.get_absolute_url())
        .partition("Diagnosis")[0]
        .partition('id="pane-request"')[2]
    )
