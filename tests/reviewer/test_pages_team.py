"""The team's work: who has what, and many requests handed on in one act."""

from datetime import timedelta

import pytest

from reviewer.models import Absence, Request
from reviewer.time import local_day
from tests import factories
from tests.reviewer.pages import post, queries_of

pytestmark = pytest.mark.django_db
TEAM = "/team"


def holders(*requests):
    return [Request.objects.get(pk=one.pk).assigned_to for one in requests]


def test_a_supervisor_sees_what_is_taken_and_what_is_not(cast, sign_in):
    free, taken = factories.make_request(cast), factories.make_claimed(cast)

    response = sign_in(cast.supervisor).get(TEAM)

    assert [row.request for row in response.context["list"].rows] == [free, taken]
    narrowed = sign_in(cast.supervisor).get(f"{TEAM}?assignee=rokafor")
    assert [row.request for row in narrowed.context["list"].rows] == [taken]


def test_what_is_marked_goes_to_one_person_in_one_act(cast, sign_in):
    free, taken = factories.make_request(cast), factories.make_claimed(cast)
    address = f"{TEAM}?line=commercial_insured"

    response = post(
        sign_in(cast.supervisor), address, chosen=[free.number, taken.number], to="mlindqvist"
    )

    assert response.headers["Location"] == address
    assert holders(free, taken) == [cast.physician, cast.physician]
    assert taken.events.filter(name="assigned", by=cast.supervisor).count() == 1


def test_one_refused_leaves_all_as_they_were_and_is_named(cast, sign_in):
    free, referred = factories.make_request(cast), factories.make_referral(cast).request

    response = post(
        sign_in(cast.supervisor), TEAM, chosen=[free.number, referred.number], to="rokafor"
    )

    page = response.content.decode()
    assert holders(free, referred) == [None, None]
    assert free.events.filter(name="assigned").count() == 0
    assert list(response.context["refused"]) == [referred.number]
    assert f"<b>{referred.number}</b>: Rosa Okafor may not do this work." in page
    assert f'value="{free.number}" aria-label="Mark {free.number}" checked' in page
    assert '<option value="rokafor" selected>' in page


@pytest.mark.parametrize(
    ("chosen", "to", "sentence"),
    [
        (["R-26-99999"], "rokafor", "not among the requests you may see"),
        ([], "rokafor", "No request is selected."),
        ([], "stranger", "Nobody is chosen."),
    ],
)
def test_what_cannot_be_handed_on_is_said(cast, sign_in, chosen, to, sentence):
    factories.make_request(cast)

    page = post(sign_in(cast.supervisor), TEAM, chosen=chosen, to=to).content.decode()

    assert sentence in page


def test_who_is_out_and_who_covers_is_said_where_requests_are_assigned(cast, sign_in):
    at = factories.now()
    factories.make_request(cast)
    Absence.objects.create(
        reviewer=cast.nurse,
        cover=cast.physician,
        starts_on=local_day(at),
        ends_on=local_day(at) + timedelta(days=3),
        entered_by=cast.supervisor,
        entered_at=at,
    )

    page = sign_in(cast.supervisor).get(TEAM).content.decode()

    until = local_day(at) + timedelta(days=3)
    assert f"Rosa Okafor, nurse reviewer; out until {until}, Maya Lindqvist covers" in page


def test_team_takes_as_many_queries_for_five_requests_as_for_one(cast, sign_in):
    factories.make_request(cast)
    client = sign_in(cast.supervisor)
    few = queries_of(client, TEAM)

    for _ in range(4):
        factories.make_claimed(cast)

    assert queries_of(client, TEAM) == few
