"""The worklists: least time left first, filters in the address, counts that agree."""

from datetime import timedelta

import pytest
from django.urls import reverse

from policies.models import LineOfBusiness
from reviewer.models import Request, Urgency
from reviewer.templatetags import worklists
from reviewer.time import now as database_now
from reviewer.views import counting, worklist
from reviewer.views.time_left import time_kept, time_left
from tests import factories
from tests.cast import enter_coverage
from tests.reviewer.pages import post, queries_of

pytestmark = pytest.mark.django_db
MINE = "/"
QUEUE = "/queue"


def numbers(response):
    return [row.request.number for row in response.context["list"].rows]


def medicare(cast):
    return enter_coverage(cast.member, LineOfBusiness.MEDICARE_ADVANTAGE, "Harbor Advantage")


@pytest.fixture
def three(cast):
    """A standard request, an expedited one, and an overdue one of Medicare Advantage."""
    at = factories.now()
    standard = factories.make_request(cast)
    urgent = factories.make_request(
        cast, urgency=Urgency.EXPEDITED, urgency_attested_by="Dr. Roy Vance"
    )
    late = factories.make_request(
        cast, coverage=medicare(cast), received_at=at - timedelta(days=30)
    )
    return standard, urgent, late


def test_the_least_time_left_stands_first(cast, sign_in, three):
    standard, urgent, late = three

    response = sign_in(cast.nurse).get(QUEUE)

    assert numbers(response) == [late.number, urgent.number, standard.number]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("urgency=expedited", [1]),
        ("line=medicare_advantage", [2]),
        ("state=received", [2, 1, 0]),
        ("state=referred", []),
        ("due=overdue", [2]),
        ("due=overdue&line=commercial_insured", []),
        ("due=nonsense&urgency=nonsense", [2, 1, 0]),
    ],
)
def test_filters_live_in_the_address(cast, sign_in, three, asked, found):
    response = sign_in(cast.nurse).get(f"{QUEUE}?{asked}")

    assert numbers(response) == [three[place].number for place in found]


@pytest.fixture
def mixed(cast):
    """One of another code, one that a bulletin names and waits for an expertise, one taken."""
    factories.make_version(cast)
    other = factories.make_request(cast, lines=[factories.line("12345")])
    named = factories.make_request(cast)
    Request.objects.filter(pk=named.pk).update(specialty="Physical medicine")
    taken = factories.make_claimed(cast)
    return other, named, taken


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("code=12345", [0]),
        ("code=97545", [1]),
        ("code=97545&assignee=anyone", [1, 2]),
        ("bulletin=0298", [1]),
        ("bulletin=0298&code=12345", []),
        ("bulletin=0001", []),
        ("specialty=Physical+medicine", [1]),
        ("assignee=rokafor", [2]),
        ("assignee=mlindqvist", []),
        ("assignee=anyone", [0, 1, 2]),
        ("assignee=stranger", [0, 1]),
    ],
)
def test_it_is_narrowed_by_code_bulletin_expertise_and_person(cast, sign_in, mixed, asked, found):
    response = sign_in(cast.nurse).get(f"{QUEUE}?{asked}")

    assert numbers(response) == [mixed[place].number for place in found]
    assert response.context["list"].total == len(found)


def test_what_narrows_stays_in_the_fields_and_in_the_links_of_the_tabs(cast, sign_in, mixed):
    response = sign_in(cast.nurse).get(f"{QUEUE}?code=12345&assignee=anyone")

    page = response.content.decode()
    assert 'name="code" value="12345"' in page
    assert '<option value="anyone" selected>' in page
    for tab in response.context["list"].tabs:
        assert "code=12345" in tab.address
        assert "assignee=anyone" in tab.address


def test_counts_stop_where_nobody_reads_on(cast, sign_in, monkeypatch):
    for _ in range(4):
        factories.make_request(cast)
    monkeypatch.setattr(counting, "MOST", 2)
    monkeypatch.setattr(worklists, "MOST", 2)

    page = sign_in(cast.nurse).get(QUEUE).content.decode()

    assert "2+ open requests" in page
    assert "4 of 2+ requests" in page


@pytest.mark.parametrize("asked", ["", "urgency=expedited", "line=medicare_advantage"])
def test_the_counts_of_the_tabs_agree_with_what_they_list(cast, sign_in, three, asked):
    client = sign_in(cast.nurse)

    for tab in client.get(f"{QUEUE}?{asked}").context["list"].tabs:
        assert len(numbers(client.get(QUEUE + tab.address))) == tab.count


def test_a_reviewer_sees_only_their_lines_of_business(cast, sign_in, three):
    medicaid = factories.make_request(cast, coverage=cast.medicaid_coverage)

    assert numbers(sign_in(cast.other_nurse).get(QUEUE)) == [medicaid.number]


def test_what_one_takes_leaves_the_queue_and_is_in_my_work(cast, sign_in):
    request = factories.make_request(cast)
    client = sign_in(cast.nurse)

    response = post(client, reverse("reviewer:request_claim", args=[request.number]))

    assert response.headers["Location"] == request.get_absolute_url()
    assert numbers(client.get(QUEUE)) == []
    assert numbers(client.get(MINE)) == [request.number]
    assert numbers(client.get(f"{QUEUE}?assignee=anyone")) == [request.number]


def test_a_second_click_takes_nothing_twice(cast, sign_in):
    request = factories.make_request(cast)
    client, key = sign_in(cast.nurse), "5a1c6f0e-7a58-4b8e-9a55-3b1fb41a7fb1"
    claim = reverse("reviewer:request_claim", args=[request.number])

    client.post(claim, {"intent": key})
    client.post(claim, {"intent": key})

    assert request.events.filter(name="claimed").count() == 1


def test_physicians_find_what_was_referred_first(cast, sign_in, three):
    referred = factories.make_referral(cast).request

    assert numbers(sign_in(cast.physician).get(QUEUE))[0] == referred.number
    assert numbers(sign_in(cast.nurse).get(QUEUE))[0] == three[2].number


def test_a_nurse_is_not_offered_what_waits_for_a_physician(cast, sign_in):
    request = factories.make_referral(cast).request

    page = sign_in(cast.nurse).get(QUEUE).content.decode()

    assert "for a physician" in page
    assert reverse("reviewer:request_claim", args=[request.number]) not in page


def test_pages_by_key_show_every_request_once(cast, sign_in, monkeypatch):
    made = [factories.make_request(cast) for _ in range(5)]
    Request.objects.filter(pk=made[4].pk).update(decision_due_at=None)
    monkeypatch.setattr(worklist, "ROWS", 2)
    client, seen, address = sign_in(cast.physician), [], "?"

    while address:
        response = client.get(QUEUE + address)
        seen += numbers(response)
        address = response.context["list"].next_address

    assert seen == [one.number for one in made]


def test_a_key_that_is_none_begins_at_the_start(cast, sign_in):
    request = factories.make_request(cast)

    assert numbers(sign_in(cast.nurse).get(f"{QUEUE}?after=nonsense")) == [request.number]


def test_a_worklist_takes_as_many_queries_for_ten_requests_as_for_one(cast, sign_in):
    version = factories.make_version(cast)
    factories.make_request(cast)
    client = sign_in(cast.nurse)
    few = queries_of(client, QUEUE)

    for days in range(9):
        factories.make_request(cast, received_at=factories.now() - timedelta(days=days, hours=1))

    assert version.ordinal == 1
    assert queries_of(client, QUEUE) == few


def test_the_version_that_governs_stands_in_the_row(cast, sign_in):
    factories.make_version(cast)
    factories.make_request(cast)
    factories.make_request(cast, lines=[factories.line("12345")])

    rows = sign_in(cast.nurse).get(QUEUE).context["list"].rows

    assert [row.governed for row in rows] == [["0298 v1"], []]


def test_a_version_without_a_date_may_govern_and_says_so(cast, sign_in):
    factories.make_version(cast, effective_from=None)
    factories.make_request(cast)

    (row,) = sign_in(cast.nurse).get(QUEUE).context["list"].rows

    assert row.governed == ["0298 v1, undated"]


def test_the_first_of_my_requests_stands_open_with_what_governs_it(cast, sign_in):
    factories.make_version(cast)
    first = factories.make_claimed(cast)

    page = sign_in(cast.nurse).get(MINE).content.decode()

    assert "0298 version 1, because this line of business goes by date of service" in page
    assert "20 units of 97545" in page
    assert page.index("Open the case") > page.index(first.number)


def test_my_work_takes_as_many_queries_for_five_requests_as_for_one(cast, sign_in):
    factories.make_version(cast)
    factories.make_claimed(cast)
    client = sign_in(cast.nurse)
    few = queries_of(client, MINE)

    for _ in range(4):
        factories.make_claimed(cast)

    assert queries_of(client, MINE) == few


def test_an_appeal_that_is_ones_to_decide_is_named(cast, sign_in):
    factories.make_assigned_appeal(cast)

    page = sign_in(cast.other_physician).get(MINE).content.decode()

    assert "1 appeal</a> is yours to decide." in page


def test_an_empty_list_says_where_work_is(cast, sign_in):
    factories.make_request(cast)
    page = sign_in(cast.nurse).get(MINE).content.decode()

    assert "Nothing is due." in page
    assert "1 request nobody has taken" in page


def test_an_empty_queue_says_that_all_is_taken(cast, sign_in):
    factories.make_claimed(cast)

    page = sign_in(cast.nurse).get(QUEUE).content.decode()

    assert "Nobody waits: every request has been taken." in page
    assert "You hold 1 of them" in page


@pytest.mark.parametrize(
    ("left", "words", "css"),
    [
        (timedelta(hours=6, minutes=10), "6 h 10 min left", "soon"),
        (timedelta(days=2, hours=4), "2 d 4 h left", ""),
        (timedelta(hours=-3), "overdue by 3 h", "late"),
    ],
)
def test_time_is_told_in_words_first(left, words, css):
    at = database_now()

    told = time_left(at + left, at=at)

    assert (told.words, told.css) == (words, css)


def test_no_limit_is_said(db):
    at = database_now()

    assert time_left(None, at=at).words == "no limit stated"
    assert time_kept(at + timedelta(hours=4), done_at=at).words == "decided 4 h before due"
    assert time_kept(at - timedelta(hours=4), done_at=at).words == "decided 4 h late"
