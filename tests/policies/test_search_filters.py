"""Filters: by day and status, category, line of business and stance type, together and alone."""

from datetime import date

import pytest

from policies.models import StanceType
from policies.publishing import retire
from policies.search import Filters, Status, search
from tests.policies.library import AT, draft, lamps, published

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def numbers(words="wicks", **filters):
    found = search(words, on=DAY, filters=Filters(**{"on": DAY} | filters)).bulletins
    return sorted(one.number for one in found)


@pytest.fixture
def library(db):
    """Lamps with wicks: in effect, undated, to come, ended, and a draft."""
    text = "Wicks are not covered."
    published(lamps(number="0901", limitation=text))
    published(lamps(number="0902", limitation=text), effective_from=None)
    published(lamps(number="0903", limitation=text), effective_from=date(2026, 7, 1))
    ended = published(lamps(number="0904", limitation=text), effective_from=date(2025, 1, 1))
    retire(version=ended, on=date(2026, 2, 1), reason="Old.", by=None, at=AT)
    draft(lamps(number="0905", limitation=text))


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("in_effect", ["0901", "0902"]),
        ("scheduled", ["0903"]),
        ("ended", ["0904"]),
        ("all", ["0901", "0902", "0903", "0904"]),
        ("draft", ["0905"]),
    ],
)
def test_versions_are_searched_by_where_they_stand(status, found, library):
    assert numbers(status=status) == found
    assert numbers("lamps", status=status) == found  # by their titles


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2025, 6, 1), ["0902", "0904"]),
        (date(2026, 1, 31), ["0901", "0902", "0904"]),
        (date(2026, 2, 1), ["0901", "0902"]),
        (date(2026, 7, 1), ["0901", "0902", "0903"]),
    ],
)
def test_versions_are_searched_as_of_a_day(on, found, library):
    assert numbers(on=on) == found


def test_a_bulletin_stands_once_with_its_other_versions_named():
    first = published(lamps(limitation="Wicks are not covered."), effective_from=date(2025, 1, 1))
    retire(version=first, on=date(2026, 1, 1), reason="Old.", by=None, at=AT)
    published(lamps(limitation="Wicks are never covered."))

    (one,) = search("wicks", on=DAY, filters=Filters(DAY, status=Status.ALL)).bulletins

    assert str(one.version) == "v2"
    assert [str(other) for other in one.others] == ["v1, ended on 2026-01-01"]


def test_what_is_not_simply_in_effect_says_so(library):
    every = search("wicks", on=DAY, filters=Filters(DAY, status=Status.ALL)).bulletins

    assert {one.number: one.version.standing for one in every} == {
        "0901": "",
        "0902": "effective date not stated",
        "0903": "in effect from 2026-07-01",
        "0904": "ended on 2026-02-01",
    }


def test_a_category_narrows():
    published(lamps(number="0901", limitation="Wicks."), category="Light")
    published(lamps(number="0902", limitation="Wicks."), category="Heat")

    assert numbers(category="Heat") == ["0902"]
    assert numbers("lamps", category="Heat") == ["0902"]


def test_a_line_of_business_finds_versions_for_it_and_for_all():
    published(lamps(number="0901", limitation="Wicks."), lines_of_business=["medicaid"])
    published(lamps(number="0902", limitation="Wicks."), lines_of_business=["marketplace"])
    published(lamps(number="0903", limitation="Wicks."))

    assert numbers(line_of_business="medicaid") == ["0901", "0903"]


def test_a_stance_type_finds_passages_of_that_ground_alone():
    published(lamps(limitation="Golden lamps are not covered."))
    filters = Filters(DAY, stance_type=StanceType.COSMETIC)

    results = search("golden", on=DAY, filters=filters)

    assert [one.anchor for one in results.passages] == ["cosmetic-1"]


def test_a_stance_type_holds_for_headings_and_titles_too():
    published(lamps(number="0901", title="Wicks"))
    heading = lamps(number="0902").replace(b"  4. Cosmetic", b"  4. Cosmetic wicks")
    published(heading)
    published(lamps(number="0903", title="Wicks", codes="").replace(b"cosmetic", b"pretty"))

    cosmetic = numbers("wicks", stance_type=StanceType.COSMETIC)
    excluded = search(
        "cosmetic", on=DAY, filters=Filters(DAY, stance_type=StanceType.BENEFIT_EXCLUSION)
    )

    assert {"0901", "0902"} <= set(cosmetic)
    assert not [one for one in excluded.passages if one.is_heading]


def test_a_filter_that_empties_the_results_is_named():
    published(lamps(number="0901", limitation="Wicks."), category="Light")
    published(lamps(number="0902"), category="Heat")
    filters = Filters(DAY, category="Heat", line_of_business="medicaid")

    results = search("wicks", on=DAY, filters=filters)

    assert results.total == 0
    assert results.without == ((("category",), 1),)


def test_filters_that_empty_the_results_together_are_named_together():
    published(
        lamps(number="0901", limitation="Wicks."), category="Light", lines_of_business=["medicaid"]
    )
    published(lamps(number="0902"), category="Heat")
    filters = Filters(DAY, category="Heat", line_of_business="marketplace")

    assert search("wicks", on=DAY, filters=filters).without == (
        (("category", "line_of_business"), 1),
    )


def test_words_that_stand_only_in_other_versions_are_offered_there(library):
    published(lamps(number="0906", limitation="Snuffers."), effective_from=date(2026, 9, 1))

    results = search("snuffers", on=DAY)

    assert (results.total, results.elsewhere) == (0, 1)


# The page


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def reader(nurse, sign_in):
    return sign_in(nurse)


def test_filters_stand_in_the_address_and_in_the_form(reader, library):
    page = text(reader.get("/search", {"q": "wicks", "status": "ended", "on": "2026-03-01"}))

    assert '<option value="ended" selected>Ended</option>' in page
    assert 'name="on" value="2026-03-01"' in page
    assert "/policies/0904/v1#limitations-1" in page
    assert "/policies/0901/" not in page
    assert 'href="?q=wicks&amp;on=2026-03-01">Clear the filters' in page


def test_the_page_leads_out_of_a_filter_that_empties_it(reader):
    published(lamps(limitation="Wicks."), category="Light")
    published(lamps(number="0908"), category="Heat")

    page = text(reader.get("/search", {"q": "wicks", "category": "Heat"}))

    assert '<a href="?q=wicks">Without category Heat</a>: 1 bulletin.' in page


def test_what_no_filter_understands_is_said_and_narrows_nothing(reader, library):
    asked = {"q": "wicks", "on": "2026-02-31", "stance": "pretty", "line": "<b>", "status": "odd"}

    page = text(reader.get("/search", asked))

    assert "“2026-02-31” is not a day." in page
    assert "There is no stance type “pretty” to filter by." in page
    assert "There is no line of business “&lt;b&gt;” to filter by." in page
    assert "There is no status “odd” to filter by." in page
    assert "/policies/0901/v1#limitations-1" in page


def test_drafts_are_searched_by_policy_staff_alone(cast, client, library):
    client.force_login(cast.nurse.user)
    nurse = text(client.get("/search", {"q": "wicks", "status": "draft"}))
    client.force_login(cast.policy_editor.user)
    editor = text(client.get("/search", {"q": "wicks", "status": "draft"}))

    assert "/policies/0905/" not in nurse
    assert "There is no status “draft” to filter by." in nurse
    assert '<option value="draft"' not in nurse
    assert "/policies/0905/v1#limitations-1" in editor
