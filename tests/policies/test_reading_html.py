"""Bulletins as HTML: what markup says is kept, and the rest is read as in text."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from policies.reading import read
from tests.policies.test_reading_round_trip import blocks, criteria, groups, outline

HERE = Path(__file__).parent
PAGE = (HERE / "bulletins" / "complete.html").read_bytes()
TEXT = (HERE / "bulletins" / "complete.txt").read_bytes()
TABLE = (
    "<h2>Applicable CPT / HCPCS / ICD-10 Codes</h2><table>"
    "<tr><th>Code</th><th>Code Description</th></tr>"
    "<tr><td colspan=2>CPT codes covered if selection criteria are met:</td></tr>"
)


def page(policy="", codes="", head=""):
    return read(
        f"<!doctype html><html><head>{head}</head><body><h1>Lamps</h1><p>Number: 0907</p>\n"
        f"<h2>Policy</h2><h3>Scope of Policy</h3><p>About lamps.</p>\n{policy}{codes}"
        "<h2>Background</h2><p>Warm.</p><h2>References</h2><ol><li>Warm A. Lamps. 2020.</ol>"
        "</body></html>".encode()
    )


def necessary(items):
    return page(f"<h3>Medical Necessity</h3>{items}")


def rows(html):
    (group,) = page(codes=f"{TABLE}{html}</table>").code_groups
    return [
        (", ".join(one.low if one.low == one.high else f"{one.low} - {one.high}"
                   for one in row.codes), row.full_description)
        for row in group.rows
    ]  # fmt: skip


def section(document, anchor):
    return dict(blocks(document.sections))[anchor]


# The same as text


def test_a_page_and_its_text_are_read_to_the_same_codes_criteria_and_references():
    html, text = read(PAGE), read(TEXT)

    assert (html.number, html.title) == (text.number, text.title)
    assert html.code_groups == text.code_groups
    assert html.criteria == text.criteria
    assert (html.legends, html.references) == (text.legends, text.references)


def test_a_page_and_its_text_have_the_same_sections():
    html, text = read(PAGE), read(TEXT)

    # The text has no caption for its codes but the table's, and states its dates in a section.
    assert [one for one in outline(html.sections) if one[1] != "codes"] == [
        one for one in outline(text.sections) if one[1] != "codes" and one[2] != "policy-history"
    ]


def test_links_survive_where_text_has_lost_them():
    assert section(read(PAGE), "related") == [("item", "related-1", "CPB 0198 - Warm cups")]
    assert section(read(TEXT), "related") == []


def test_only_the_way_past_the_navigation_is_not_understood():
    assert [(one.line, one.text) for one in read(PAGE).not_understood] == [
        (13, "Skip to the content")
    ]


def test_programs_styles_navigation_and_footers_are_no_text():
    printed = str(read(PAGE).as_json())

    for words in ("margin", "var policy", "Home", "keeps its rights", "Print"):
        assert words not in printed


# What tells HTML


@pytest.mark.parametrize("name", ["page.html", "page.txt", ""])
@pytest.mark.parametrize(
    "start", ["", "\ufeff", "  \n", "<!-- saved from a browser -->\n", "<?xml version='1.0'?>"]
)
def test_the_content_decides_and_not_the_name(start, name):
    assert read(start.encode() + PAGE, name=name).code_groups == read(PAGE).code_groups


def test_a_piece_of_a_page_is_told_by_several_tags():
    start = PAGE.index(b"<h1>")

    assert read(PAGE[start : PAGE.index(b"</main>")]).criteria == read(PAGE).criteria


def test_a_tag_in_a_text_makes_no_page():
    text = TEXT.replace(b"Lamps give off warmth.", b"Lamps <p>give</p> off <b>warmth</b>.")

    assert section(read(text), "background")[0][2].startswith("Lamps <p>give</p> off <b>warmth")


def test_text_named_html_is_read_as_text():
    assert read(TEXT, name="bulletin.html") == read(TEXT)


# The head


def test_review_dates_come_from_the_head():
    document = read(PAGE)

    assert document.last_review == date(2025, 3, 11)
    assert document.effective == date(2001, 4, 1)
    assert document.next_review == date(2027, 3, 10)


def test_a_date_that_cannot_be_read_or_differs_is_reported():
    document = page(
        "<p>Last Review 03/11/2025</p>",
        head='<meta name="lastReview" content="2025-03-12"><meta name="nextReview" content="soon">'
        '<meta name="effective" content=""><meta name="description" content="2020-01-01">',
    )

    assert (document.last_review, document.next_review) == (date(2025, 3, 12), None)
    assert document.effective is None
    assert [one.text for one in document.not_understood] == [
        "nextReview: soon", "Last Review 03/11/2025",
    ]  # fmt: skip


def test_lines_are_counted_in_the_source():
    document = page("<p>\n\n</p>", TABLE + "\n<tr><td></td><td>Stray words</td></tr></table>")

    assert [(one.line, one.text) for one in document.not_understood] == [(6, "Stray words")]


# Headings


def test_headings_keep_their_levels():
    document = page("<h3>Knees</h3><p>A.</p><h4>Old Knees</h4><p>B.</p><h3>Hips</h3><p>C.</p>")

    policy = document.sections[0]
    assert [(one.heading, one.depth) for one in policy.children] == [
        ("Scope of Policy", 2), ("Knees", 2), ("Hips", 2),
    ]  # fmt: skip
    assert [(one.heading, one.depth) for one in policy.children[1].children] == [("Old Knees", 3)]


def test_a_heading_may_be_a_sentence_and_a_short_paragraph_is_no_heading():
    document = page("<h3>When lamps are covered.</h3><p>Warm Lamps</p><p>Cups</p>")

    found = document.sections[0].children[1]
    assert found.heading == "When lamps are covered."
    assert [one.text for one in found.blocks] == ["Warm Lamps", "Cups"]


def test_a_bold_paragraph_may_be_a_heading():
    document = page("<p><strong>Medical Necessity</strong></p><p><b>Note:</b> One lamp.</p>")

    (found,) = document.sections[0].children[1:]
    assert (found.heading, found.kind) == ("Medical Necessity", "medical_necessity")
    assert [(one.kind, one.text) for one in found.blocks] == [("note", "Note: One lamp.")]


def test_parts_of_one_level_stand_side_by_side():
    document = page("<h2>Dosage and Administration</h2><p>One.</p>", "<h2>Appendix</h2><p>Two.</p>")

    assert [(one.heading, one.kind, one.depth) for one in document.sections[1:3]] == [
        ("Dosage and Administration", "dosage", 1), ("Appendix", "appendix", 1),
    ]  # fmt: skip


def test_a_heading_after_the_background_gives_no_policy():
    document = read(
        PAGE.replace(b"<h2>Appendix</h2>", b"<h2>Cosmetic Lamps</h2><ol><li>Vain</li></ol>")
    )

    assert section(document, "cosmetic-lamps")[0][2] == "Vain"
    assert document.criteria == read(PAGE).criteria


def test_a_page_of_bare_divisions_is_read_like_text():
    lines = [line for line in TEXT.decode().split("\n") if line.strip()]
    html = "<html><body>" + "".join(f"<div>{line}</div>" for line in lines) + "</body></html>"

    assert {one[1] for one in outline(read(html.encode()).sections)} >= {
        "codes", "background", "references",
    }  # fmt: skip


# Lists


def test_lists_keep_depth_number_and_mark():
    document = necessary(
        "<p>All of the following:</p><ol type=I><li>One<ol type=A><li>Two<ol start=3><li>Three"
        "<li value=7>Seven</ol></ol><li>Last</ol>"
    )

    assert [(one[1], one[2]) for one in section(document, "medical-necessity")[1:]] == [
        ("criteria-I", "One"), ("criteria-I-A", "Two"), ("criteria-I-A-3", "Three"),
        ("criteria-I-A-7", "Seven"), ("criteria-II", "Last"),
    ]  # fmt: skip
    assert document.criteria[0].rule == "all"


def test_six_levels_of_numbers_and_bullets():
    inner = "<ul><li>Cold</li><li>Wet</li></ul>"
    for _ in range(5):
        inner = f"<ol><li>Any of the following:{inner}</li></ol>"

    document = necessary(inner)
    assert [one[1] for one in section(document, "medical-necessity")] == [
        "criteria-I", "criteria-I-A", "criteria-I-A-1", "criteria-I-A-1-a", "criteria-I-A-1-a-i",
        "criteria-I-A-1-a-i-bullet1", "criteria-I-A-1-a-i-bullet2",
    ]  # fmt: skip


def test_lists_that_were_never_closed_end_with_their_part():
    document = necessary("<ol><li>Any of the following:<ul><li>Cold<li>Wet")

    assert [one.anchor for one in document.criteria[0].children] == [
        "criteria-I-bullet1", "criteria-I-bullet2",
    ]  # fmt: skip
    assert section(document, "background")[0][2] == "Warm."
    assert document.references == ("Warm A. Lamps. 2020.",)


def test_a_list_straight_inside_a_list_belongs_to_the_item_above():
    document = necessary(
        "<ol><li>Any of the following:</li><ol><li>Cold</li><li>Wet</li></ol><li>Old</li></ol>"
    )

    assert criteria(document.criteria) == [
        ("Any of the following:", "any", None,
         [("Cold", "list", None, []), ("Wet", "list", None, [])]),
        ("Old", "list", None, []),
    ]  # fmt: skip


def test_an_item_may_begin_with_a_list():
    document = necessary("<ol><li><ol><li>Cold</li></ol></li><li>Wet</li></ol>")

    assert [(one.anchor, one.text) for one in document.criteria] == [
        ("criteria-I", ""), ("criteria-II", "Wet"),
    ]  # fmt: skip
    assert document.criteria[0].children[0].text == "Cold"


def test_text_after_a_nested_list_belongs_to_the_outer_item():
    document = necessary(
        "<ol><li>All of the following:<ol><li>Cold</li><li>Wet</li></ol>Reviewed yearly.</li></ol>"
    )

    assert document.criteria[0].text == "All of the following:\nReviewed yearly."


def test_numbering_goes_on_after_text_and_a_start():
    document = necessary(
        "<p>Any of the following:</p><ol><li>Cold</ol><p>Or else.</p><ol start=2><li>Wet</ol>"
    )

    (one,) = document.criteria
    assert [child.anchor for child in one.children] == ["criteria-I", "criteria-II"]


def test_numbers_written_by_hand_are_read_like_text():
    document = necessary("<p>All of the following:</p><p>1. Cold; and</p><p>2. Wet.</p>")

    assert criteria(document.criteria) == [
        ("All of the following:", "all", None,
         [("Cold; and", "list", None, []), ("Wet.", "list", None, [])]),
    ]  # fmt: skip


def test_headings_in_items_make_numbered_sections():
    document = page("<ol><li><h4>Warm Lamps</h4><ol><li>Cold</li></ol></li><li><h4>Cups</h4></ol>")

    assert [(one.label, one.heading) for one in document.sections[0].children[1:]] == [
        ("I", "Warm Lamps"), ("II", "Cups"),
    ]  # fmt: skip
    assert [one.anchor for one in document.criteria] == ["criteria-I-A"]


# Tables


def test_a_cell_of_codes_over_several_lines_is_one_row():
    cells = "<td>99901 - 99903<br>99905,<br>99907</td><td>Lamps <br>and cups</td>"

    assert rows(f"<tr>{cells}</tr>") == [("99901 - 99903, 99905, 99907", "Lamps and cups")]


def test_codes_at_the_start_of_a_description_are_words():
    assert rows("<tr><td>99901</td><td>99902 and more</td></tr>") == [("99901", "99902 and more")]


def test_cells_may_reach_over_rows():
    assert rows(
        "<tr><td>99901</td><td rowspan=2>Lamp</td></tr><tr><td>99902</td></tr>"
        "<tr><td rowspan=2>99903</td><td>Cup</td></tr><tr><td>Big cup</td></tr>"
    ) == [("99901", "Lamp"), ("99902", "Lamp"), ("99903", "Cup"), ("99903", "Big cup")]


def test_codes_without_a_description_take_none_from_the_next_row():
    document = page(codes=TABLE + "<tr><td>99901<td><tr><td>99902<td>Cup</table>")

    assert [row.description for row in document.code_groups[0].rows] == ["", "Cup"]
    assert [one.reason for one in document.not_understood] == ["no description follows these codes"]


def test_a_row_over_all_columns_is_a_scope_even_when_it_begins_like_a_category():
    document = page(
        codes=TABLE + "<tr><td colspan=2>B12 lamps</td></tr><tr><td colspan=2>CPT codes not covered"
        " for indications listed in the CPB</td></tr><tr><td>99901<td>Lamp</table>"
    )

    assert [(one.scope, one.stance) for one in document.code_groups] == [
        (None, "covered_if_criteria_met"), ("B12 lamps", "not_covered"),
    ]  # fmt: skip


def test_a_heading_between_two_tables_of_codes_is_a_scope():
    document = page(
        codes=TABLE + "<tr><td>99901<td>Lamp</table><h4>Cold knees</h4><table><tr><td colspan=2>"
        "HCPCS codes not covered for indications listed in the CPB</tr><tr><td>E0100<td>Cup</table>"
    )

    assert [(one.system, one.scope) for one in document.code_groups] == [
        ("CPT", None), ("HCPCS", "Cold knees"),
    ]  # fmt: skip


def test_headings_of_codes_may_stand_above_their_tables():
    document = page(
        codes="<h2>Applicable CPT / HCPCS / ICD-10 Codes</h2><h3>Warm knees</h3><h4>CPT codes "
        "covered if selection criteria are met:</h4><table><tr><td>99901<br>99903</td><td>Lamp</td>"
        "</tr></table><h4>Other ICD-10 codes related to the CPB:</h4><table><tr><td>M25.50 - M25.59"
        "</td><td>Ache</td></tr></table>"
    )

    assert groups(document) == [
        ("CPT codes covered if selection criteria are met", "covered_if_criteria_met", False,
         "Warm knees", [([("99901", "99901"), ("99903", "99903")], "Lamp", "Lamp")]),
        ("Other ICD-10 codes related to the CPB", "related", False, "Warm knees",
         [([("M25.50", "M25.59")], "Ache", "Ache")]),
    ]  # fmt: skip
    assert document.not_understood == ()


def test_other_tables_are_text_row_by_row():
    document = page(
        "<h3>Dosage</h3><table><tr><th>Who<th>How much</tr><tr><td>Adults<td>5 mg</table>"
    )

    assert [one[2] for one in section(document, "dosage")] == ["Who How much", "Adults 5 mg"]


def test_a_table_that_only_places_the_page_is_looked_through():
    inner = PAGE[PAGE.index(b"<h1>") : PAGE.index(b"</main>")]
    document = read(b"<html><body><table><tr><td>" + inner + b"</td></tr></table></body></html>")

    assert document.code_groups == read(PAGE).code_groups


# Words that are not for the eye


def test_words_for_screen_readers_are_left_out_unless_they_are_text():
    long = "these words are part of the text " * 5
    document = page(
        f"<p>ICD-<span class='sr-only'>hyphen</span>10<span class='visually-hidden'>{long}</span>"
        "<span hidden>kept</span></p>"
    )

    assert section(document, "scope")[1][2] == f"ICD-10{long}kept"


def test_a_navigation_that_was_never_closed_hides_nothing():
    document = read(PAGE.replace(b"</nav>", b""))

    assert document.criteria == read(PAGE).criteria


def test_groups_of_the_page_are_as_planned():
    assert [(one[0], one[1], one[3]) for one in groups(read(PAGE))] == [
        ("CPT codes covered if selection criteria are met", "covered_if_criteria_met", None),
        ("HCPCS codes not covered for indications listed in the CPB (not all-inclusive)",
         "not_covered", "Small lamps"),
        ("Other ICD-10 codes related to the CPB (examples of aches)", "related", "Small lamps"),
    ]  # fmt: skip


def test_the_command_reads_a_page(capsys):
    call_command("read_bulletin", str(HERE / "bulletins" / "complete.html"))

    printed = capsys.readouterr().out
    assert "0907 Heat lamps for aching joints" in printed
    assert "last review: 2025-03-11" in printed
