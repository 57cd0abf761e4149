"""The search page: what is exact opens at once, the rest is listed, absence is explained."""

import pytest

from reviewer.models import AccessEntry
from tests.policies.library import lamps, published
from tests.policies.pages import load, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(nurse, sign_in):
    return sign_in(nurse)


def text(response):
    return " ".join(response.content.decode().split())


def search(client, words):
    return client.get("/search", {"q": words})


@pytest.mark.parametrize("typed", ["S33.5XXA", "s335xxa", " s33.5xxa "])
def test_an_exact_code_opens_its_page(typed, reader):
    load("ICD-10-CM", "S33.5XXA", "S33.5XXD")

    response = search(reader, typed)

    assert (response.status_code, response.url) == (302, "/codes/icd-10-cm/S33.5XXA/")


def test_a_code_that_only_a_range_holds_opens_its_page(reader):
    published()

    assert search(reader, "S45.001A").url == "/codes/icd-10-cm/S45.001A/"


def test_an_exact_bulletin_number_opens_the_bulletin(reader):
    published()

    assert search(reader, "0907").url == "/policies/0907/"


def test_what_is_both_a_code_and_a_bulletin_is_listed(reader):
    load("revenue", "0907")
    published()

    page = text(search(reader, "0907"))

    assert "/codes/revenue/0907/" in page
    assert "/policies/0907/" in page


def test_words_find_titles_and_passages_with_the_words_marked(reader):
    published()

    page = text(search(reader, "colored lamps"))

    assert '<a href="/policies/0907/v1#limitations-1">' in page
    assert "<mark>Colored</mark>" in page
    assert 'name="q" value="colored lamps"' in page


def test_corrected_words_are_said_to_be_corrected(reader):
    published(lamps(background="Lamps are warm. Warm lamps."))

    page = text(search(reader, "colred lamsp"))

    assert 'Showing results for <a href="?q=colored+lamps"><b>colored lamps</b></a>.' in page
    assert 'Search instead for <a href="?q=colred+lamsp&amp;typed=1">colred lamsp</a>.' in page


def test_nothing_found_says_what_was_searched_and_offers_more(reader):
    published()

    page = text(search(reader, "zygomatic"))

    assert "Nothing is kept under “zygomatic”." in page
    assert "numbers of requests in your scope" in page
    assert "See every bulletin" in page


def test_a_mistyped_code_is_answered_with_likely_ones(reader):
    load("CPT", "97545")

    page = text(search(reader, "97554"))

    assert '<a href="/codes/cpt/97545/">97545</a>' in page


def test_no_words_are_asked_for(reader):
    assert "What are you looking for?" in text(search(reader, "  "))


def test_what_was_typed_cannot_become_markup(reader):
    page = text(search(reader, '"><script>alert(1)</script>'))

    assert "<script>alert" not in page


HOSTILE = ["\x00", "'", '"', "%", "%s", "{}", "<b>", "9" * 300, "-1", "\ud800", "\ue000", "٣"]


@pytest.mark.parametrize(
    "name", ["on", "stance", "status", "category", "line", "page", "within", "plain", "typed"]
)
def test_nothing_in_the_address_breaks_the_page(name, reader):
    published()
    for word in HOSTILE:
        for words in ("lamps", "lmaps", "97110 lamps"):
            asked = {"q": words, name: word.encode("utf-8", "surrogatepass")}

            assert reader.get("/search", asked).status_code == 200, (name, word)


@pytest.mark.parametrize(
    "words",
    ["%s {} %(x)s", "{0} lamps", "lamps | -lamps", '"\x00" lamps', "\\ lamps \\m", "a|b", "-" * 99],
)
def test_no_words_break_the_page(words, reader):
    published()

    assert search(reader, words).status_code == 200


def test_very_many_words_are_answered(reader):
    assert search(reader, "lamp " * 5000).status_code == 200


def test_a_request_opens_by_its_number_for_those_who_may_see_it(cast, client):
    from tests.factories import make_request

    request = make_request(cast)

    client.force_login(cast.nurse.user)
    assert search(client, request.number.lower()).url == f"/requests/{request.number}"
    client.force_login(cast.other_nurse.user)
    assert "Nothing is kept" in text(search(client, request.number))
    client.force_login(cast.policy_editor.user)
    page = text(search(client, request.number))
    assert "Nothing is kept" in page
    assert "numbers of requests" not in page


def test_the_beginning_of_a_number_lists_requests_without_their_members(cast, client):
    from tests.factories import make_request

    request = make_request(cast)
    client.force_login(cast.nurse.user)

    page = text(search(client, request.number[:-1]))

    assert f'<a href="/requests/{request.number}">' in page
    assert cast.member.family_name not in page
    entry = AccessEntry.objects.order_by("pk").last()
    assert (entry.view, entry.requests) == ("reviewer:search", [request.number])


def test_the_page_takes_as_many_queries_for_many_hits_as_for_one(reader):
    for number in range(910, 913):
        published(lamps(number=f"0{number}"))
    one = queries_of(reader, "/search?q=lamps")
    for number in range(913, 918):
        published(lamps(number=f"0{number}"))

    assert queries_of(reader, "/search?q=lamps") == one
