"""Citations to copy, the foot of printed pages, and parts of a version by themselves."""

from datetime import date

import pytest
from django.utils.html import escape

from policies.views import text as rendering
from tests.policies.library import lamps, published

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


@pytest.fixture
def reader(nurse, sign_in):
    return sign_in(nurse)


def text(response):
    return " ".join(response.content.decode().split())


def citation(reader, anchor, address="/policies/0907/v1"):
    return reader.get(f"{address}/{anchor}.json").json()["citation"]


def test_a_citation_holds_words_place_version_days_address_and_hash(reader):
    version = published()

    assert citation(reader, "limitations-1")["text"] == (
        "“Colored lamps are not covered.”\n"
        "0907 Lamps, version 1, limitation 1; in effect from 2026-01-01.\n"
        f"{SITE}/policies/0907/v1#limitations-1\n"
        f"SHA-256 of the version's content: {version.content_hash}\n"
    )


def test_a_criterion_and_a_code_row_are_cited_by_their_place(reader):
    published()

    assert "criterion I.A;" in citation(reader, "criteria-I-A")["text"]
    row = citation(reader, "code-row-1")["text"]
    assert row.startswith("“97110 Lamp exercises”\n")
    assert "code row 1 (CPT codes covered if selection criteria are met);" in row


def test_a_citation_of_an_ended_version_says_until_when(reader):
    published()
    published(lamps(title="Lamps and lanterns"), effective_from=date(2026, 3, 1))

    assert "; in effect from 2026-01-01 to 2026-02-28." in citation(reader, "limitations-1")["text"]


def test_a_citation_says_that_no_day_is_stated(reader):
    published(effective_from=None)

    assert "; effective date not stated." in citation(reader, "limitations-1")["text"]


def test_a_citation_as_html_cannot_become_markup(reader):
    published(lamps(limitation="<script>alert(1)</script> & lamps."))

    html = citation(reader, "limitations-1")["html"]

    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; lamps.</p>" in html
    assert f'<blockquote cite="{SITE}/policies/0907/v1#limitations-1">' in html


def test_the_page_of_a_citation_gives_the_same_text(reader):
    published()

    page = reader.get("/policies/0907/v1/cite/limitations-1").content.decode()

    assert escape(citation(reader, "limitations-1")["text"]) in page


def test_every_passage_and_code_row_leads_to_its_citation(reader):
    published()

    page = text(reader.get("/policies/0907/v1"))

    for anchor in ("limitations-1", "criteria-I-A", "code-row-1", "references-1", "scope"):
        assert f'href="/policies/0907/v1/cite/{anchor}"' in page


def test_an_unknown_place_is_answered_with_places_like_it(reader):
    published()

    response = reader.get("/policies/0907/v1/cite/limitation-1")

    assert response.status_code == 404
    assert "Version 1 has no place “limitation-1”" in text(response)
    assert '<a href="/policies/0907/v1#limitations-1">limitations-1</a>' in text(response)


# What is folded in a long text


def test_a_heavy_text_leaves_its_background_to_be_fetched(reader, monkeypatch):
    monkeypatch.setattr(rendering, "HEAVIEST", 10)
    published(lamps(background="Lamps are warm and quite bright."))

    page = text(reader.get("/policies/0907/v1"))
    whole = text(reader.get("/policies/0907/v1?whole"))
    part = reader.get("/policies/0907/v1/section/background", headers={"HX-Request": "true"})

    assert "quite bright" not in page
    assert '<a href="/policies/0907/v1/section/background">' in page
    assert "quite bright" in whole
    assert part.content.decode().startswith('<div class="policy"><p id="background-1">')
    assert "HX-Request" in part["Vary"]


def test_a_part_is_a_page_without_a_script(reader):
    published()

    page = text(reader.get("/policies/0907/v1/section/background"))

    assert "<h1>Lamps, version 1</h1>" in page
    assert "Lamps are warm." in page
    assert reader.get("/policies/0907/v1/section/foreground").status_code == 404


# Print


def test_every_printed_page_names_its_version_days_address_and_hash(reader):
    version = published()

    sheet = reader.get("/policies/0907/v1/print.css")

    assert sheet["Content-Type"] == "text/css"
    assert '"0907 Lamps, version 1, in effect from 2026-01-01' in sheet.content.decode()
    assert "http://testserver/policies/0907/v1" in sheet.content.decode()
    assert version.content_hash[:12] in sheet.content.decode()


def test_a_title_cannot_leave_its_string_in_the_style_sheet(reader):
    published(lamps(title='Lamps" } body { display: none } \\'))

    sheet = reader.get("/policies/0907/v1/print.css").content.decode()

    assert sheet.count('"') == 10  # of five strings: two corners, their fonts, " of "
    assert "display: none }" not in sheet
