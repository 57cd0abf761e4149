"""Rows of a worklist that are opened in place: a link without a script, one row with htmx."""

import re

import pytest

from reviewer.models import AccessEntry
from tests import factories
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LISTS = ["/", "/queue?assignee=anyone", "/team", "/board/held/nobody-open"]


@pytest.fixture
def two(cast):
    return factories.make_request(cast), factories.make_request(cast)


def opened(page):
    """The numbers of the rows below which more stands."""
    rows = re.findall(r"<tbody>(.*?)</tbody>", page, re.S)
    return [re.search(r"R-\d\d-\d+", one)[0] for one in rows if 'class="open' in one]


def unfold(page, number):
    """Where the link of a row leads that opens or closes it."""
    return re.search(f'id="unfold-{number}" href="([^"]*)"', page)[1].replace("&amp;", "&")


@pytest.mark.parametrize("address", LISTS)
def test_any_row_of_any_list_is_opened_by_its_link(cast, two, sign_in, address):
    client = sign_in(cast.nurse if address in LISTS[:2] else cast.supervisor)
    if address == "/":
        for one in two:
            post(client, f"{one.get_absolute_url()}/claim")
    path = address.split("?")[0]
    page = client.get(address).content.decode()

    shown = client.get(path + unfold(page, two[1].number)).content.decode()

    assert opened(shown) == [two[1].number]
    assert two[0].number in shown
    assert "20 units of 97545" in shown


def test_what_is_opened_is_closed_by_the_same_link_and_filters_stay(cast, two, sign_in):
    client = sign_in(cast.nurse)
    page = client.get("/queue?code=97545&assignee=anyone").content.decode()

    shown = client.get("/queue" + unfold(page, two[0].number)).content.decode()
    closed = client.get("/queue" + unfold(shown, two[0].number)).content.decode()

    assert "code=97545" in unfold(shown, two[0].number)
    assert opened(closed) == []


def test_htmx_gets_the_row_alone_opened_and_closed(cast, two, sign_in):
    client = sign_in(cast.nurse)

    response = client.get(f"/queue?open={two[0]}", headers=HTMX)
    row = response.content.decode().strip()
    closed = client.get(f"/queue?open=&row={two[0]}", headers=HTMX).content.decode().strip()

    assert response.headers["HX-Push-Url"] == "false"
    for one in (row, closed):
        assert one.startswith('<tbody><tr aria-selected="true">')
        assert one.endswith("</tbody>")
        assert two[1].number not in one
    assert opened(row) == [two[0].number]
    assert opened(closed) == []


def test_the_log_names_only_the_row_that_was_sent(cast, two, sign_in):
    sign_in(cast.nurse).get(f"/queue?open={two[0]}", headers=HTMX)

    assert AccessEntry.objects.latest("pk").requests == [two[0].number]


def test_a_row_that_has_left_the_list_has_the_page_read_anew(cast, two, sign_in):
    client = sign_in(cast.nurse)
    post(client, f"{two[0].get_absolute_url()}/claim")

    response = client.get(f"/queue?open={two[0]}", headers=HTMX)

    assert response.headers["HX-Refresh"] == "true"
    assert two[0].number not in response.content.decode()


def test_my_work_opens_the_first_row_until_another_is_asked_for(cast, two, sign_in):
    client = sign_in(cast.nurse)
    for one in two:
        post(client, f"{one.get_absolute_url()}/claim")

    assert opened(client.get("/").content.decode()) == [two[0].number]
    assert opened(client.get(f"/?open={two[1]}").content.decode()) == [two[1].number]
    assert opened(client.get("/?open=").content.decode()) == []


def test_a_row_out_of_scope_is_not_opened(cast, two, sign_in):
    client = sign_in(cast.other_nurse)  # sees Medicaid only

    page = client.get(f"/queue?open={two[0]}").content.decode()

    assert "20 units" not in page


def test_decisions_to_tell_are_gone_through_by_keys(cast, sign_in):
    factories.make_approved(cast)

    page = sign_in(cast.nurse).get("/to-tell").content.decode()

    assert "data-rows" in page
    assert "<kbd>j</kbd><kbd>k</kbd>" in page
