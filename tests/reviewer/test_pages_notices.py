"""Notices: read first, recorded as sent, kept as the exact bytes."""

import hashlib

import pytest
from django.urls import reverse

from reviewer.models import Notice, Request
from tests import factories
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def denied(cast):
    return factories.make_denied(cast)


@pytest.fixture
def address(denied):
    return reverse("reviewer:notice_send", args=[denied.request.number, denied.pk])


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_both_letters_are_read_before_they_go(cast, sign_in, address):
    page = text(sign_in(cast.nurse).get(address))

    assert page.count('<pre class="letter">') == 2
    assert "This program prepares a person for a job." in page


def test_a_notice_is_kept_as_it_went_with_its_hash(cast, sign_in, address):
    response = post(sign_in(cast.nurse), address, recipient="member", channel="mail")

    notice = Notice.objects.get()
    assert notice.sha256 == hashlib.sha256(notice.body.encode()).hexdigest()
    page = text(sign_in(cast.auditor).get(response.headers["Location"]))
    assert "Verified: its hash agrees." in page
    assert notice.sha256 in page


def test_when_both_were_told_the_request_is_notified(cast, sign_in, address, denied):
    client = sign_in(cast.appeals_coordinator)

    post(client, address, recipient="member", channel="mail")
    page = text(client.get(denied.get_absolute_url()))
    assert "Not told yet: the provider." in page

    post(client, address, recipient="provider", channel="fax")
    assert Request.objects.get().state == Request.State.NOTIFIED


@pytest.mark.parametrize("typed", [{"recipient": "member"}, {"channel": "mail"}])
def test_a_form_without_who_or_how_comes_back(cast, sign_in, address, typed):
    response = post(sign_in(cast.nurse), address, **typed)

    assert "Nothing is chosen under" in text(response)
    assert not Notice.objects.exists()


def test_a_notice_of_another_determination_is_not_found(cast, sign_in, denied):
    number = denied.request.number

    address = reverse("reviewer:notice_detail", args=[number, denied.pk, 4711])

    assert sign_in(cast.nurse).get(address).status_code == 404
