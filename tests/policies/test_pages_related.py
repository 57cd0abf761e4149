"""Related bulletins both ways, and how numbers are told from other figures."""

from datetime import date

import pytest

from policies.publishing import retire
from policies.views.naming import numbers_in
from tests.policies.library import AT, draft, lamps, published
from tests.policies.pages import queries_of

pytestmark = pytest.mark.django_db
CANDLES = {"number": "0908", "title": "Candles"}


@pytest.fixture
def reader(nurse, sign_in):
    return sign_in(nurse)


def names(response):
    return [one.number for one in response.context["names"]]


def named_in(response):
    return [one.number for one in response.context["named_in"]]


def bare(**facts):
    """A bulletin whose list of related ones is empty."""
    return lamps(**facts).replace(b"    0908 Candles\n", b"")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See CPB 0325.", ["0325"]),
        ("See bulletin 0325 and CPB-0411.", ["0325", "0411"]),
        ("See bulletins 0325, 0411 and 0512; or CPBs 0600", ["0325", "0411", "0512", "0600"]),
        ("CPB No. 0325", ["0325"]),
        ("in 2020, 0325 people", []),
        ("0325 Candles", []),
        ("a bulletin of 2020", []),
        ("CPT code 97110 and bulletin", []),
    ],
)
def test_numbers_in_a_text_are_those_that_are_called_bulletins(text, found):
    assert numbers_in(text, is_list=False) == found


@pytest.mark.parametrize("text", ["0325 Candles", "CPB 0325 - Candles", "Candles (0325)", "0325"])
def test_a_list_of_related_bulletins_gives_them_bare(text):
    assert numbers_in(text, is_list=True) == ["0325"]


def test_a_version_lists_the_bulletins_that_it_names(reader):
    published(lamps(**CANDLES, criteria="1. Wax."))
    published(lamps(limitation="Candles are under bulletin 0908, sconces under CPB 0999."))

    response = reader.get("/policies/0907/v1")

    page = " ".join(response.content.decode().split())
    assert names(response) == ["0908", "0999"]
    assert '<a href="/policies/0908/">0908</a> Candles' in page
    assert '0999, <span class="quiet">not in this library</span>' in page
    assert '<a href="#limitations-1">limitation 1</a>' in page


def test_a_bulletin_lists_the_versions_in_effect_that_name_it(reader):
    published()
    published(bare(**CANDLES))
    published(bare(number="0909", title="Sconces", background="As CPB-0908 has it."))
    published(bare(number="0910", title="Bulbs", background="In 2020 there were 0908 bulbs."))

    response = reader.get("/policies/0908/v1")

    page = " ".join(response.content.decode().split())
    assert named_in(response) == ["0907", "0909"]
    assert '<a href="/policies/0909/v1#background-1">Background, passage 1</a>' in page


def test_a_version_that_has_ended_names_nothing_any_more(reader, cast):
    published(bare(**CANDLES))
    version = published()
    retire(
        version=version, on=date(2026, 2, 1), reason="Lamps are free.",
        by=cast.policy_approver.user, at=AT,
    )  # fmt: skip

    assert named_in(reader.get("/policies/0908/", {"on": "2026-01-31"})) == ["0907"]
    assert named_in(reader.get("/policies/0908/", {"on": "2026-02-01"})) == []


def test_a_draft_names_nothing_yet(reader):
    published(bare(**CANDLES))
    draft()

    assert named_in(reader.get("/policies/0908/")) == []


def test_references_name_nothing(reader):
    published(bare(**CANDLES))
    text = bare(number="0909").replace(b"Lamps. 2020.", b"Lamps, after CPB 0908. 2020.")
    published(text)

    assert names(reader.get("/policies/0909/")) == []
    assert named_in(reader.get("/policies/0908/")) == []


def test_a_lost_list_says_so_beside_what_was_found_elsewhere(reader):
    published(bare(limitation="Candles are under CPB 0908."))

    response = reader.get("/policies/0907/v1")

    assert names(response) == ["0908"]
    assert "its links were lost before the text came here" in response.content.decode()


def test_links_of_a_page_name_bulletins_where_their_words_stand(reader):
    page = b"""<!doctype html><html><body>
      <nav><a href="/cpb/0001.html">Candles</a></nav>
      <h1>Lamps</h1><p>Number: 0907</p><h2>Policy</h2>
      <p>Wax is under <a href="../data/0908.html">Candles</a>.</p>
      <h2>Background</h2><p>Lamps are <a href="/news/warm.html">warm</a>.</p></body></html>"""
    published(page, name="lamps.html")

    assert names(reader.get("/policies/0907/v1")) == ["0908"]


def test_related_bulletins_take_as_many_queries_for_many_as_for_one(reader):
    published(bare(**CANDLES))
    published()
    one = queries_of(reader, "/policies/0908/")
    for number in range(910, 916):
        published(lamps(number=f"0{number}"))

    assert len(named_in(reader.get("/policies/0908/"))) == 7
    assert queries_of(reader, "/policies/0908/") == one
