"""Codes among words: found by range, never by words, and what the words are looked for in."""

from datetime import date

import pytest

from policies.search import Filters, search
from tests.policies.library import lamps, published
from tests.policies.pages import load

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
NONE = "CPT codes covered if selection criteria are met:\n\n99201 Lamp visit\n"


def codes_of(words, **filters):
    results = search(words, on=DAY, filters=Filters(DAY, **filters))
    return {
        one.code.display: {hit.version.bulletin.number: hit.sentence for hit in one.hits}
        for one in results.asked_codes
    }


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("97110", "exact code"),
        ("97113", "in range 97112 - 97116"),
        ("S12.100A", "in range S00.00X+ - T88.9XX+"),
        ("z98.885", "in range Z98.870 - Z98.89"),
        ("9711O", "exact code"),
    ],
)
def test_a_code_beside_words_is_told_by_the_bulletins_that_name_it(code, sentence):
    published()

    assert list(codes_of(f"{code} lamps").values()) == [{"0907": sentence}]


def test_exact_namings_come_before_ranges():
    published(lamps(number="0901"))
    published(lamps(number="0902", codes=NONE.replace("99201", "97113")))

    (asked,) = search("97113 lamps", on=DAY).asked_codes

    assert [hit.version.bulletin.number for hit in asked.hits] == ["0902", "0901"]
    assert asked.said == "2 bulletins name it: 1 as this very code, 1 by range."


def test_the_words_are_looked_for_in_the_bulletins_that_name_the_code():
    published(lamps(number="0901", limitation="Wicks are not covered."))
    published(lamps(number="0902", limitation="Wicks are not covered.", codes=NONE))

    results = search("97110 wicks", on=DAY)

    assert [one.number for one in results.bulletins] == ["0901"]
    assert not results.is_beside_codes


def test_words_that_only_other_bulletins_have_are_found_there_and_it_is_said():
    published(lamps(number="0901"))
    published(lamps(number="0902", limitation="Wicks are not covered.", codes=NONE))

    results = search("97110 wicks", on=DAY)

    assert [one.number for one in results.bulletins] == ["0902"]
    assert results.is_beside_codes


def test_a_code_is_not_looked_for_as_a_word():
    published(lamps(number="0901", limitation="Wicks (97110) are not covered.", codes=NONE))
    load("CPT", "97110")

    results = search("97110 wicks", on=DAY)

    assert codes_of("97110 wicks") == {"97110": {}}
    assert "97110</mark>" not in results.passages[0].snippet


def test_two_codes_are_told_one_after_the_other():
    published()

    assert list(codes_of("97110 S12.100A")) == ["97110", "S12.100A"]


@pytest.mark.parametrize("word", ["1987", "120", "A1C", "T12", "B12", "12", "1500"])
def test_years_doses_and_names_with_digits_are_words(word):
    published(lamps(limitation=f"Lamps since {word} are not covered."))

    results = search(f"lamps {word}", on=DAY)

    assert results.asked_codes == ()
    assert [one.anchor for one in results.passages] == ["limitations-1"]


def test_a_number_that_is_also_a_revenue_code_is_a_word_beside_words():
    load("revenue", "1000")
    published(lamps(limitation="Lamps of 1000 lumens are not covered."))

    results = search("1000 lumens", on=DAY)

    assert results.asked_codes == ()
    assert [one.anchor for one in results.passages] == ["limitations-1"]


def test_a_short_code_that_a_release_holds_is_a_code():
    published()
    load("ICD-10-CM", "T12")

    assert codes_of("lamps T12") == {"T12": {"0907": "in range S00.00X+ - T88.9XX+"}}


def test_filters_hold_for_codes_too():
    published(lamps(number="0901"), category="Light")
    published(lamps(number="0902"), category="Heat")

    assert codes_of("97110 lamps", category="Heat") == {"97110": {"0902": "exact code"}}


def test_the_page_leads_to_the_code_and_to_the_bulletins(nurse, sign_in):
    published(lamps(limitation="Wicks are not covered."))
    load("CPT", "97113")

    page = " ".join(sign_in(nurse).get("/search", {"q": "97113 wicks"}).content.decode().split())

    assert '<a href="/codes/cpt/97113/">97113</a>' in page
    assert '<a href="/policies/0907/v1?code=97113"><b>0907</b> Lamps</a>' in page
    assert "In range 97112 - 97116" in page
    assert "1 bulletin names it: by range." in page


def test_the_day_and_the_line_of_business_go_on_to_the_page_of_the_code(nurse, sign_in):
    load("CPT", "97110")
    asked = {"q": "97110", "on": "2026-01-05", "line": "medicaid"}

    response = sign_in(nurse).get("/search", asked)

    assert response.url == "/codes/cpt/97110/?on=2026-01-05&line_of_business=medicaid"
