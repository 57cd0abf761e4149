"""The way from a request to the policy answer for its lines and diagnoses."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from reviewer.time import local_day
from tests import factories

pytestmark = pytest.mark.django_db


def addresses(cast, sign_in, request):
    page = sign_in(cast.nurse).get(request.get_absolute_url()).content.decode()
    return [unescape(one) for one in re.findall(r'href="(/look-up\?[^"]*)"', page)]


def test_the_workspace_leads_to_the_answer_with_its_facts(cast, sign_in):
    request = factories.make_claimed(
        cast, lines=[factories.line(), factories.line("97110")], diagnoses=["S39.012A", "M54.50"]
    )

    (address,) = addresses(cast, sign_in, request)

    assert parse_qs(urlsplit(address).query) == {
        "codes": ["97545 97110"],
        "diagnoses": ["S39.012A M54.50"],
        "on": [request.lines.first().starts_on.isoformat()],
        "received": [local_day(request.received_at).isoformat()],
        "line_of_business": [request.line_of_business],
        "state": ["NY"],
    }


def test_lines_of_other_days_have_an_answer_of_their_own(cast, sign_in):
    later = factories.line("97110").starts_on + timedelta(days=7)
    lines = [factories.line(), factories.line("97110", starts_on=later)]
    request = factories.make_claimed(cast, lines=lines)

    found = [parse_qs(urlsplit(one).query) for one in addresses(cast, sign_in, request)]

    assert [one["codes"] for one in found] == [["97545"], ["97110"]]
    assert found[1]["on"] == [later.isoformat()]


def test_the_address_says_nothing_of_the_member(cast, sign_in):
    request = factories.make_claimed(cast)
    member = request.member

    (address,) = addresses(cast, sign_in, request)

    for told in (member.number, member.family_name, member.given_name, request.number):
        assert told not in address


def test_the_address_opens_the_answer(cast, sign_in):
    factories.make_version(cast)
    request = factories.make_claimed(cast)

    (address,) = addresses(cast, sign_in, request)
    page = sign_in(cast.nurse).get(address).content.decode()

    assert '<a href="#line-97545">97545</a>' in page
    assert '<span class="stance excluded">Not covered</span>' in page
