"""Every page of the library: who comes in, who is kept out, and that nothing is posted to it."""

import pytest
from django.urls import reverse

from tests.policies.library import published
from tests.policies.pages import load

pytestmark = pytest.mark.django_db
PAGES = [
    ("policies:bulletin_list", []),
    ("policies:whats_new", []),
    ("policies:review_calendar", []),
    ("policies:bulletin_detail", ["0907"]),
    ("policies:version_detail", ["0907", 1]),
    ("policies:version_source", ["0907", 1]),
    ("policies:version_json", ["0907", 1]),
    ("policies:version_print", ["0907", 1]),
    ("policies:version_section", ["0907", 1, "background"]),
    ("policies:version_cite", ["0907", 1, "limitations-1"]),
    ("policies:passage_json", ["0907", 1, "limitations-1"]),
    ("policies:code_list", []),
    ("policies:code_system", ["cpt"]),
    ("policies:code_detail", ["cpt", "97110"]),
    ("reviewer:search", []),
]
READERS = [
    "intake",
    "nurse",
    "physician",
    "appeals_coordinator",
    "supervisor",
    "policy_editor",
    "policy_approver",
    "auditor",
]


@pytest.fixture(autouse=True)
def library(db):
    published()
    load("CPT", "97110")


@pytest.mark.parametrize(("name", "of"), PAGES)
def test_everyone_who_works_with_policies_may_read(name, of, cast, client):
    for role in READERS:
        client.force_login(getattr(cast, role).user)

        assert client.get(reverse(name, args=of)).status_code == 200, role


@pytest.mark.parametrize(("name", "of"), PAGES)
def test_an_administrator_of_accounts_may_not(name, of, cast, sign_in):
    response = sign_in(cast.administrator).get(reverse(name, args=of))

    assert response.status_code == 403
    assert "not yours to do" in response.content.decode()


@pytest.mark.parametrize(("name", "of"), PAGES)
def test_a_visitor_is_led_to_the_sign_in(name, of, client):
    response = client.get(reverse(name, args=of))

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


@pytest.mark.parametrize(("name", "of"), PAGES)
def test_nothing_is_posted(name, of, nurse, sign_in):
    assert sign_in(nurse).post(reverse(name, args=of)).status_code == 405


@pytest.mark.parametrize(("name", "of"), PAGES)
def test_the_content_security_policy_stands(name, of, nurse, sign_in):
    policy = sign_in(nurse).get(reverse(name, args=of))["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
