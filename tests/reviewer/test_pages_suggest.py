"""What the search box offers while it is typed into: to whom, with which trace."""

import logging

import pytest
from django.db import OperationalError

from policies.models import Code
from reviewer import middleware
from reviewer.models import AccessEntry
from tests.factories import make_request
from tests.policies.library import lamps, published
from tests.reviewer.pages import load_few_codes

pytestmark = pytest.mark.django_db
ADDRESS = "/search/suggest"


def suggest(client, typed):
    return client.get(ADDRESS, {"q": typed})


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def number(cast):
    load_few_codes()
    return make_request(cast).number


def test_codes_bulletins_and_requests_are_groups_of_one_list(nurse, sign_in, number):
    published(lamps(title="Exercise Lamps"))
    client = sign_in(nurse)

    page = text(suggest(client, "exercise"))

    assert page.startswith('<div id="suggestions" role="listbox" aria-label="Suggestions"')
    assert 'data-said="2 suggestions."' in page
    assert '<div role="group" aria-labelledby="suggested-codes">' in page
    assert 'href="/codes/cpt/97110/" tabindex="-1" aria-selected="false"' in page
    assert 'href="/policies/0907/"' in page
    assert f'href="/requests/{number}"' in text(suggest(client, number[:4]))


def test_it_is_a_fragment_that_no_cache_keeps(nurse, sign_in):
    response = suggest(sign_in(nurse), "9754")

    assert response["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "<html" not in text(response)


def test_a_request_is_noted_before_it_leaves(nurse, sign_in, number):
    suggest(sign_in(nurse), number)

    entry = AccessEntry.objects.get()
    assert (entry.user, entry.view, entry.requests) == (
        nurse.user,
        "reviewer:search_suggest",
        [number],
    )


def test_looking_for_requests_is_noted_even_when_none_is_found(nurse, sign_in, number):
    suggest(sign_in(nurse), "R-99-99")

    assert AccessEntry.objects.get().requests == []


def test_words_and_codes_show_no_member_and_leave_no_entry(nurse, sign_in, number):
    client = sign_in(nurse)
    for typed in ("97545", "work hard", "R", "nothing like it"):
        suggest(client, typed)

    assert not AccessEntry.objects.exists()


def test_without_its_entry_no_request_leaves(nurse, sign_in, number, monkeypatch):
    def fails(*args, **kwargs):
        raise OperationalError("the disk is full")

    monkeypatch.setattr(middleware, "write_entry", fails)

    response = suggest(sign_in(nurse), number)

    assert response.status_code == 503
    assert number not in text(response)


def test_requests_of_another_line_of_business_are_not_offered(cast, sign_in, number):
    page = text(suggest(sign_in(cast.other_nurse), number))

    assert number not in page.replace(f"“{number}”", "")


def test_who_may_not_see_requests_is_offered_codes_and_bulletins(cast, sign_in, number):
    client = sign_in(cast.policy_editor)

    assert number not in text(suggest(client, number))
    assert "/codes/cpt/97545/" in text(suggest(client, "97545"))
    assert "or request" not in text(suggest(client, number))


def test_who_may_see_neither_is_refused(cast, sign_in):
    assert suggest(sign_in(cast.administrator), "97545").status_code == 403


def test_visitors_are_led_to_the_sign_in(client):
    assert suggest(client, "97545").url.startswith("/accounts/login/")


def test_a_session_that_ended_gives_no_fragment(client):
    response = client.get(ADDRESS, {"q": "97545"}, headers={"HX-Request": "true"})

    assert response["HX-Redirect"].startswith("/accounts/login/")
    assert response.content == b""


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_only_reads(method, nurse, sign_in):
    assert getattr(sign_in(nurse), method)(ADDRESS, {"q": "97545"}).status_code == 405


def test_members_are_not_looked_for(nurse, sign_in, number):
    page = text(suggest(sign_in(nurse), "Winter"))

    assert "No code, bulletin or request begins so." in page
    assert number not in page
    assert "Winter" not in page


def test_nothing_found_is_said(nurse, sign_in):
    assert 'data-said="No suggestions."' in text(suggest(sign_in(nurse), "zygomatic"))


def test_corrected_words_are_said(nurse, sign_in, number):
    page = text(suggest(sign_in(nurse), "exercsie"))

    assert "Nothing is called “exercsie”. These are for <b>exercise</b>." in page
    assert 'data-said="1 suggestion for “exercise”."' in page


def test_the_notice_of_the_ama_stands_where_its_descriptors_do(nurse, sign_in, number):
    client = sign_in(nurse)

    assert "American Medical Association" in text(suggest(client, "97545"))
    assert "American Medical Association" not in text(suggest(client, "S39"))


def test_ended_codes_say_so(nurse, sign_in, number):
    Code.objects.filter(key="97545").update(valid_to="2024-12-31")

    assert "<b>ended 2024-12-31</b>, CPT" in text(suggest(sign_in(nurse), "97545"))


@pytest.mark.parametrize(
    "typed", ["", "\x00", "'", '"><script>alert(1)</script>', "%s", "9" * 10_000, "\ud800"]
)
def test_nothing_typed_breaks_it_or_becomes_markup(typed, nurse, sign_in):
    response = client_get(sign_in(nurse), typed)

    assert response.status_code == 200
    assert "<script" not in text(response)


def client_get(client, typed):
    return client.get(ADDRESS, {"q": typed.encode("utf-8", "surrogatepass")})


def test_what_was_typed_stays_out_of_the_logs(nurse, sign_in, monkeypatch, caplog):
    def fails(*args, **kwargs):
        raise RuntimeError("no suggestions today")

    monkeypatch.setattr("reviewer.views.type_ahead.suggestions", fails)
    client = sign_in(nurse)
    client.raise_request_exception = False

    with caplog.at_level(logging.DEBUG):
        assert suggest(client, "Ada Winter").status_code == 500

    assert "no suggestions today" in caplog.text
    assert "Winter" not in caplog.text


@pytest.mark.parametrize(
    ("of", "typed", "address"),
    [
        ("services", "97545", "/codes/cpt/97545/"),
        ("diagnoses", "S39", "/codes/icd-10-cm/S39.012A/"),
    ],
)
def test_a_field_for_a_code_is_offered_codes_of_its_systems_only(
    of, typed, address, nurse, sign_in, number
):
    client = sign_in(nurse)
    others = {"services": "diagnoses", "diagnoses": "services"}

    def page(of, typed):
        return text(client.get(ADDRESS, {"q": typed, "of": of}))

    assert address in page(of, typed)
    assert address not in page(others[of], typed)
    assert number not in page(of, number)
    assert not AccessEntry.objects.exists()
