"""Taking the next request, and the list of what was decided and not told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from reviewer.models import Request
from reviewer.workflow import taking
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import claim_request, request_information
from reviewer.workflow.taking import take_next
from tests import factories
from tests.faults.at_once import together
from tests.reviewer.pages import post, queries_of
from tests.reviewer.roles import connect

pytestmark = pytest.mark.django_db
NEXT = "/next"
TO_TELL = "/to-tell"


def told(response):
    return [row.determination for row in response.context["rows"]]


def test_the_next_is_the_request_with_the_least_time_left(cast, sign_in):
    factories.make_request(cast)
    older = factories.make_request(cast, received_at=factories.now() - timedelta(days=2))

    response = post(sign_in(cast.nurse), NEXT)

    assert response.headers["Location"] == older.get_absolute_url()
    assert Request.objects.get(pk=older.pk).assigned_to == cast.nurse


def test_a_physician_gets_what_was_referred_and_a_nurse_never_does(cast, sign_in):
    referred = factories.make_referral(cast).request
    other = factories.make_request(cast)

    assert post(sign_in(cast.nurse), NEXT).headers["Location"] == other.get_absolute_url()
    assert post(sign_in(cast.physician), NEXT).headers["Location"] == referred.get_absolute_url()


def test_a_nurse_does_not_get_what_a_physician_sent_out_for_information(cast):
    request, at = factories.make_referral(cast).request, factories.now()
    claim_request(request=request, by=cast.physician, at=at)
    request_information(request=request, wanted="The plan of care", by=cast.physician, at=at)
    Request.objects.filter(pk=request.pk).update(assigned_to=None)

    with pytest.raises(Refused, match="Nobody waits"):
        take_next(by=cast.nurse, at=at)
    assert not Request.objects.get(pk=request.pk).assigned_to


def test_nobody_gets_what_is_taken_or_out_of_their_scope(cast, sign_in):
    factories.make_claimed(cast)
    factories.make_request(cast)
    client = sign_in(cast.other_nurse)  # sees Medicaid only

    response = post(client, NEXT)

    assert response.headers["Location"] == "/"
    assert "Nobody waits" in client.get("/").content.decode()


def test_a_second_click_on_next_takes_no_second_request(cast, sign_in):
    factories.make_request(cast)
    factories.make_request(cast)
    client, key = sign_in(cast.nurse), "0d5e2e1c-6f1c-4c57-9c52-1d2c9f0a7c11"

    first, second = (client.post(NEXT, {"intent": key}) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert Request.objects.filter(assigned_to=cast.nurse).count() == 1


def test_a_physician_gets_what_was_referred_before_what_has_less_time_left(cast):
    at = factories.now()
    referred = factories.make_referral(cast).request
    older = factories.make_request(cast, received_at=at - timedelta(days=2))

    taken = [take_next(by=cast.physician, at=factories.now()) for _ in range(2)]

    assert taken == [referred, older]


def test_what_one_may_not_take_crowds_nothing_out(cast, monkeypatch):
    monkeypatch.setattr(taking, "TRIED", 1)
    at = factories.now()
    older = factories.make_claimed(cast, received_at=at - timedelta(days=2))
    factories.make_referral(cast, older)  # a physician's, of a line that one nurse does not see
    free = [
        factories.make_request(cast, received_at=at - timedelta(days=20)),
        factories.make_request(cast, coverage=cast.medicaid_coverage),
    ]

    taken = [take_next(by=by, at=factories.now()) for by in (cast.other_nurse, cast.nurse)]

    assert set(taken) == set(free)


def test_a_missed_limit_is_recorded_before_the_next_is_taken(cast):
    at = factories.now() - timedelta(days=9)
    request = factories.make_request(cast, coverage=cast.medicaid_coverage, received_at=at, at=at)

    take_next(by=cast.nurse, at=factories.now())

    names = [one.name for one in request.events.order_by("id")]
    assert names.index("limit_expired") < names.index("claimed")


@pytest.mark.django_db(transaction=True)
def test_the_next_is_one_that_nobody_is_about_to_take(cast):
    first = factories.make_request(cast, received_at=factories.now() - timedelta(days=2))
    second = factories.make_request(cast)

    with connect("default") as other, connection.cursor() as cursor:
        other.execute("SELECT FROM reviewer_request WHERE id = %s FOR UPDATE", [first.pk])
        cursor.execute("SET lock_timeout = '2s'")  # it waits for nobody
        try:
            taken = take_next(by=cast.nurse, at=factories.now())
        finally:
            cursor.execute("RESET lock_timeout")

    assert taken == second


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_two_requests(cast):
    factories.make_request(cast)
    factories.make_request(cast)
    people = (cast.nurse, cast.physician)

    taken = together(*[lambda by=by: take_next(by=by, at=factories.now()) for by in people])

    assert len({request.pk for request in taken}) == 2
    for by, request in zip(people, taken, strict=True):
        assert Request.objects.get(pk=request.pk).assigned_to == by


def test_a_determination_is_to_be_told_until_member_and_provider_have_a_letter(cast, sign_in):
    determination, client = factories.make_approved(cast), sign_in(cast.nurse)

    assert [row.whom for row in client.get(TO_TELL).context["rows"]] == ["Member and provider"]

    factories.make_notice(cast, determination, recipient="member")
    assert [row.whom for row in client.get(TO_TELL).context["rows"]] == ["Provider"]

    factories.make_notice(cast, determination, recipient="provider")
    assert told(client.get(TO_TELL)) == []


def test_a_call_does_not_stand_for_the_letter(cast, sign_in):
    determination = factories.make_approved(cast)
    factories.make_notice(cast, determination, recipient="member", channel="phone")

    (row,) = sign_in(cast.nurse).get(TO_TELL).context["rows"]

    assert row.whom == "Member and provider"


def test_what_one_signed_oneself_is_a_list_of_its_own_and_named_in_my_work(cast, sign_in):
    denied = factories.make_denied(cast)  # signed by the physician

    assert told(sign_in(cast.nurse).get(f"{TO_TELL}?signed=me")) == []
    client = sign_in(cast.physician)
    assert told(client.get(f"{TO_TELL}?signed=me")) == [denied]
    assert "1 decision</a> that you signed" in client.get("/").content.decode()


def test_another_line_of_business_is_not_among_what_is_to_be_told(cast, sign_in):
    factories.make_approved(cast)

    assert told(sign_in(cast.other_nurse).get(TO_TELL)) == []


def test_to_tell_takes_as_many_queries_for_three_as_for_one(cast, sign_in):
    factories.make_approved(cast)
    client = sign_in(cast.nurse)
    few = queries_of(client, TO_TELL)

    for _ in range(2):
        factories.make_approved(cast)

    assert queries_of(client, TO_TELL) == few


def test_who_may_not_review_has_no_next(cast, sign_in):
    assert post(sign_in(cast.supervisor), NEXT).status_code == 403
    assert reverse("reviewer:work_next") not in sign_in(cast.auditor).get("/queue").content.decode()
