"""Outages, ended sessions, and the log of who saw what."""

import time

import psycopg
import pytest
import time_machine
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviewer import middleware, outages, sessions
from reviewer.models import AccessEntry
from tests import factories
from tests.reviewer.roles import connect

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.reviewer.trial_urls")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def request_of_ada(cast):
    return factories.make_request(cast)


@pytest.fixture
def nurse_client(client, cast):
    client.force_login(cast.nurse.user)
    client.raise_request_exception = False
    return client


def page_of(request, suffix=""):
    return f"/trial/requests/{request.number}{suffix}"


def test_page_with_member_data_is_logged(nurse_client, cast, request_of_ada):
    response = nurse_client.get(page_of(request_of_ada))

    assert response.content == b"Winter"
    [entry] = AccessEntry.objects.all()
    assert (entry.user, entry.view) == (cast.nurse.user, "reviewer:trial_shown")
    assert (entry.method, entry.status, entry.is_fragment) == ("GET", 200, False)
    assert entry.requests == [request_of_ada.number]


def test_fragment_is_logged_as_one(nurse_client, request_of_ada):
    nurse_client.get(page_of(request_of_ada), headers=HTMX)

    assert AccessEntry.objects.get().is_fragment


def test_stream_is_logged_before_it_begins(nurse_client, request_of_ada):
    response = nurse_client.get(page_of(request_of_ada, "/streamed"))

    assert AccessEntry.objects.get().requests == [request_of_ada.number]
    assert b"".join(response) == b"Winter"


def test_request_out_of_scope_is_not_found_and_the_try_is_logged(client, cast, request_of_ada):
    client.force_login(cast.other_nurse.user)

    assert client.get(page_of(request_of_ada)).status_code == 404
    assert (AccessEntry.objects.get().status, AccessEntry.objects.get().requests) == (404, [])


def test_page_without_member_data_is_not_logged(nurse_client):
    assert nurse_client.get("/trial/plain").status_code == 200
    assert not AccessEntry.objects.exists()


def test_pages_without_member_data_are_pages():
    names = middleware.WITHOUT_MEMBER_DATA

    assert all(reverse(name) for name in names)


@pytest.mark.parametrize("suffix", ["", "/streamed"])
def test_without_a_log_row_no_member_data_leaves(nurse_client, request_of_ada, monkeypatch, suffix):
    def fails(*args, **kwargs):
        raise OperationalError("the disk is full")

    monkeypatch.setattr(middleware, "write_entry", fails)

    response = nurse_client.get(page_of(request_of_ada, suffix))

    assert response.status_code == 503
    assert b"Winter" not in response.content


@pytest.mark.parametrize("suffix", ["", "/streamed"])
def test_control_without_the_access_log_the_data_leaves_unlogged(
    nurse_client, request_of_ada, settings, suffix
):
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if name != "reviewer.middleware.AccessLog"
    ]

    response = nurse_client.get(page_of(request_of_ada, suffix))

    assert b"Winter" in b"".join(response)
    assert not AccessEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_grant_taken_from_the_log_closes_every_page(client, cast, request_of_ada):
    client.force_login(cast.nurse.user)
    site = connections["default"].settings_dict["USER"]
    with connect("owner", autocommit=True) as owner:
        owner.execute(f'REVOKE INSERT ON reviewer_accessentry FROM "{site}"')
        try:
            response = client.get(page_of(request_of_ada))
        finally:
            owner.execute(f'GRANT INSERT ON reviewer_accessentry TO "{site}"')

    assert response.status_code == 503
    assert b"Winter" not in response.content


def test_outage_in_a_view_answers_503(nurse_client):
    response = nurse_client.get("/trial/outage")

    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert b"The database does not answer" in response.content


def test_statement_that_takes_too_long_answers_503(nurse_client):
    assert nurse_client.get("/trial/timed-out", headers=HTMX).status_code == 503


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "failure", [psycopg.OperationalError("refused"), psycopg.InterfaceError("closed")]
)
def test_database_that_cannot_be_reached_answers_503_at_once(client, cast, monkeypatch, failure):
    client.force_login(cast.nurse.user)
    client.raise_request_exception = False

    def refuse(*args):
        raise failure

    connections["default"].close()
    monkeypatch.setattr(BaseDatabaseWrapper, "connect", refuse)
    began = time.monotonic()

    response = client.get("/trial/plain")

    assert response.status_code == 503
    assert time.monotonic() - began < 1


def test_other_failures_are_not_outages():
    assert not outages.is_outage(ValueError("a mistake"))
    assert outages.is_outage(OperationalError())


def test_pages_of_the_signed_in_are_kept_nowhere(nurse_client):
    assert nurse_client.get("/trial/plain")["Cache-Control"] == "no-store"


def test_fragment_of_a_stranger_leads_its_page_to_the_sign_in(client, request_of_ada):
    page = f"http://testserver{page_of(request_of_ada)}?tab=policy"

    response = client.get(page_of(request_of_ada), headers=HTMX | {"HX-Current-URL": page})

    back = page_of(request_of_ada).replace("/", "%2F") + "%3Ftab%3Dpolicy"
    assert response["HX-Redirect"] == f"{reverse('account_login')}?next={back}"
    assert b"Winter" not in response.content


def test_page_of_another_host_is_not_led_back_to(client, request_of_ada):
    headers = HTMX | {"HX-Current-URL": "http://elsewhere.example/requests"}

    response = client.get(page_of(request_of_ada), headers=headers)

    assert response["HX-Redirect"] == reverse("account_login")


def test_stranger_s_page_leads_to_the_sign_in(client, request_of_ada):
    response = client.get(page_of(request_of_ada))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def is_signed_in(client):
    return client.get("/trial/plain").status_code == 200


def test_session_ends_after_a_quarter_of_an_hour_idle(client, cast):
    with time_machine.travel("2026-11-24T09:00:00+00:00", tick=False) as clock:
        client.force_login(cast.nurse.user)
        clock.shift(14 * 60)
        assert is_signed_in(client)
        clock.shift(14 * 60)
        assert is_signed_in(client)
        clock.shift(15 * 60)
        assert not is_signed_in(client)


def test_a_page_asks_for_session_person_and_permissions_alone(
    nurse_client, django_assert_num_queries
):
    with django_assert_num_queries(3):
        response = nurse_client.get(reverse("reviewer:specimen"))

    assert b"nurse reviewer" in response.content


def test_session_is_written_once_a_minute(client, cast, django_assert_num_queries):
    with time_machine.travel("2026-11-24T09:00:00+00:00", tick=False) as clock:
        client.force_login(cast.nurse.user)
        clock.shift(59)
        with django_assert_num_queries(2):
            assert is_signed_in(client)
        clock.shift(1)
        with CaptureQueriesContext(connections["default"]) as asked:
            assert is_signed_in(client)

    assert any('UPDATE "django_session"' in one["sql"] for one in asked)


def test_page_that_asks_by_itself_keeps_no_session_alive(client, cast):
    poll = {sessions.POLL: "1"}
    with time_machine.travel("2026-11-24T09:00:00+00:00", tick=False) as clock:
        client.force_login(cast.nurse.user)
        clock.shift(10 * 60)
        assert client.get("/trial/plain", headers=poll).status_code == 200
        clock.shift(6 * 60)
        assert not is_signed_in(client)


def test_session_ends_after_ten_hours_in_use(client, cast):
    with time_machine.travel("2026-11-24T08:00:00+00:00", tick=False) as clock:
        client.force_login(cast.nurse.user)
        for _ in range(59):
            clock.shift(10 * 60)
            assert is_signed_in(client)
        clock.shift(10 * 60)
        response = client.get("/trial/plain")
        assert response.status_code == 302
        assert response["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_out_clears_the_browser(nurse_client):
    response = nurse_client.post(reverse("account_logout"))

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(nurse_client)


def test_taking_a_role_away_bites_on_the_next_request(client, cast, request_of_ada):
    client.force_login(cast.nurse.user)
    assert client.get(page_of(request_of_ada)).status_code == 200

    cast.nurse.user.groups.clear()

    assert client.get(page_of(request_of_ada)).status_code == 404


def test_locking_an_account_bites_on_the_next_request(client, cast, request_of_ada):
    client.force_login(cast.nurse.user)
    cast.nurse.user.is_active = False
    cast.nurse.user.save()

    assert client.get(page_of(request_of_ada)).status_code == 302


def test_taking_a_line_of_business_away_bites_on_the_next_request(client, cast, request_of_ada):
    client.force_login(cast.nurse.user)
    cast.nurse.lines_of_business = ["medicaid"]
    cast.nurse.save()

    assert client.get(page_of(request_of_ada)).status_code == 404


def test_wrong_role_is_told_which_role_may(client, cast):
    client.force_login(cast.nurse.user)

    response = client.get("/trial/physicians")

    assert response.status_code == 403
    assert "Only a physician reviewer may do this." in response.content.decode()
