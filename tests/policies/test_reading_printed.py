"""Pages printed to text: what printing adds is told from the text, and nothing is invented."""

from datetime import date
from pathlib import Path

import pytest

from policies.reading import read
from policies.reading.lines import split
from policies.reading.printed_pages import without_page_marks
from tests.policies.test_reading_conservation import lost_lines
from tests.policies.test_reading_round_trip import blocks, outline

HERE = Path(__file__).parent / "bulletins"
PRINTED = (HERE / "printed.txt").read_bytes()
COMPLETE = (HERE / "complete.txt").read_text()
ONE_LINE = " ".join(COMPLETE.replace("\u00a0", " ").split())


def numbers_of(document, reason):
    return [one.line for one in document.not_understood if reason in one.reason]


def descriptions(document):
    return [row.description for group in document.code_groups for row in group.rows]


def section(document, anchor):
    return dict(blocks(document.sections))[anchor]


# Headers, footers, repeated heads of tables


def test_headers_and_footers_are_reported_and_not_read():
    document = read(PRINTED)

    assert numbers_of(document, "header or footer") == [1, 2, 34, 35, 48, 49]
    assert "Page 2" not in str([one.text for one in document.criteria])
    assert lost_lines(PRINTED) == []


def test_a_sentence_cut_by_the_end_of_a_page_is_whole():
    (one,) = read(PRINTED).criteria

    assert [child.text for child in one.children] == [
        "The joint has ached for 6 weeks, in spite of rest and warm cups; and",
        "A nurse has shown how to use it.",
    ]
    assert one.rule == "all"


def test_a_table_cut_by_the_end_of_a_page_is_whole():
    document = read(PRINTED)

    assert [one.heading for one in document.code_groups] == [
        "CPT codes covered if selection criteria are met"
    ]
    assert descriptions(document) == ["Lamp fitting for people who are cold", "Lamp, small"]
    assert numbers_of(document, "repeats the heading above") == [51]


def test_a_group_goes_on_below_its_heading_printed_again():
    again = COMPLETE.replace(
        "+ 99902", "CPT codes covered if selection criteria are met:\n\n+ 99902"
    )

    assert read(again.encode()).code_groups == read(COMPLETE.encode()).code_groups


def test_the_same_heading_under_another_scope_is_another_group():
    text = COMPLETE.replace(
        "Small lamps:",
        "Old lamps:\n\nCPT codes covered if selection criteria are met:\n\n99909 Cup",
    )

    assert [one.scope for one in read(text.encode()).code_groups][:2] == [None, "Old lamps"]


@pytest.mark.parametrize(
    "lines",
    [
        "Page 1 of 3\nwarm\nPage 2 of 3\ncold\nPage 3 of 3",
        "- Page 1\nwarm\n- Page 2\ncold\n- Page 3",
        "Lamps | Page 1 of 3\nwarm\nLamps | Page 2 of 3\ncold\nLamps | Page 3 of 3",
        "1/3\nwarm\n2/3\ncold\n3/3",
        "1 of 3\nwarm\n2 of 3\ncold\n3 of 3",
        "https://a.b/1 1/3\nwarm\nhttps://a.b/1 2/3\ncold\nhttps://a.b/1 3/3",
    ],
)
def test_pages_are_numbered_in_many_ways(lines):
    kept, reports = without_page_marks(split(lines))

    assert [line.text for line in kept] == ["warm", "cold"]
    assert [one.line for one in reports] == [1, 3, 5]


@pytest.mark.parametrize(
    "lines",
    [
        "Page 1 of 3\nwarm",  # once
        "Page 2 of 3\nwarm\nPage 1 of 3",  # they do not rise
        "as shown on page 1\nwarm\nas I said on page 2",  # they differ in words
        "Table 1\nwarm\nTable 2",
    ],
)
def test_what_may_be_text_stays(lines):
    kept, reports = without_page_marks(split(lines))

    assert [line.text for line in kept] == lines.split("\n")
    assert reports == []


def test_the_head_of_the_first_page_tells_that_of_the_second_and_stays():
    kept, reports = without_page_marks(split("Lamps\nwarm\n1/2\nLamps\ncold\n2/2"))

    assert [line.text for line in kept] == ["Lamps", "warm", "cold"]
    assert [one.line for one in reports] == [3, 4, 6]


def test_rows_beside_the_pages_numbers_stay_rows():
    text = COMPLETE.replace("99901 Lamp", "99900 Lamp\nPage 1 of 2\n99901 Lamp").replace(
        "S13.4XX+", "Page 2 of 2\nS13.4XX+"
    )

    assert descriptions(read(text.encode()))[:2] == ["Lamp", "Lamp fitting; first hour"]


# The box of dates


DATES = ("Last Review 03/11/2025", "Effective: 04/01/2001", "Next Review: 03/10/2027")
BOX = "".join(f"{line}\n\n" for line in ("Policy History", *DATES))
WITHOUT_BOX = COMPLETE[: COMPLETE.index("Policy History\n\nLast")]


@pytest.mark.parametrize(
    "place", ["Table Of Contents", "What Warmth Does", "Background", "HCPCS codes not"]
)
def test_a_box_of_dates_inside_the_bulletin_ends_nothing(place):
    head, _, tail = WITHOUT_BOX.rpartition(place)
    document, plain = read(f"{head}{BOX}{place}{tail}".encode()), read(WITHOUT_BOX.encode())

    assert (document.last_review, document.next_review) == (date(2025, 3, 11), date(2027, 3, 10))
    assert document.code_groups == plain.code_groups
    assert document.references == plain.references
    assert [one for one in outline(document.sections) if one[2] != "policy-history"] == outline(
        plain.sections
    )


def test_a_box_of_dates_inside_a_paragraph_is_taken_out():
    spliced = " ".join(("Policy History", *DATES))
    words = "Lamps give off warmth, and they did so before the agency looked at them at all. " * 3
    text = WITHOUT_BOX.replace("Lamps give off warmth.", f"{words}{spliced} Warmth is good.")
    document = read(text.encode())

    assert document.effective == date(2001, 4, 1)
    assert section(document, "background")[0][2] == words.strip()
    assert section(document, "background")[1][2].startswith("Warmth is good.")
    assert len(numbers_of(document, "lost its breaks")) == 1


# Lost line breaks


def test_one_line_gives_what_is_certain():
    document = read(ONE_LINE.encode())

    assert document.number == "0907"
    assert document.effective == date(2001, 4, 1)
    assert [one.heading for one in document.sections] == [
        "Table Of Contents", "Brand Selection", "Policy",
        "CPT Codes / HCPCS Codes / ICD-10 Codes", "Background", "References", "Policy History",
    ]  # fmt: skip
    assert [one.stance for one in document.code_groups] == [
        "covered_if_criteria_met", "not_covered", "related",
    ]  # fmt: skip
    spans = [[(one.low, one.high) for one in row.codes]
             for group in document.code_groups for row in group.rows]  # fmt: skip
    assert spans == [
        [("99901", "99901")], [("99902", "99902")], [("E9901", "E9909")],
        [("M25.50", "M25.5A"), ("M79.10", "M79.10"), ("M79.18", "M79.18")],
        [("S13.4XX", "S13.4XX")],
    ]  # fmt: skip
    assert document.references == (
        "Warm A. Lamps. J Heat. 2020;1(1):S1-S9.",
        "Warm B. More lamps. J Heat. 2021;2(1):1-2.",
    )


def test_one_line_gives_no_title_and_no_statements_but_a_report():
    document = read(ONE_LINE.encode())

    assert document.title == ""
    assert document.criteria == ()
    assert section(document, "scope")[0][2].startswith("This bulletin addresses lamps that warm")
    assert [(one.line, one.reason[:29]) for one in document.not_understood][0] == (
        1, "this line had lost its breaks",
    )  # fmt: skip


def test_codes_that_a_description_refers_to_begin_no_rows():
    table = (
        "CPT codes covered if selection criteria are met: 99901 Lamp (List with 99905) "
        "99902 Lamp, used with 99906 Cups 99903, 99904 Pot [see 99907 Pan] "
    )
    text = COMPLETE.replace(
        "CPT codes covered if selection criteria are met:\n", table * 2 + "\n", 1
    )
    rows = read(text.encode()).code_groups[0].rows[:3]

    assert [[one.low for one in row.codes] for row in rows] == [
        ["99901"], ["99902"], ["99903", "99904"],
    ]  # fmt: skip


def test_long_paragraphs_are_left_alone():
    long = (
        "The Policy of warm lamps in the Background of cold feet. References to 97545 abound. " * 9
    )
    document = read(COMPLETE.replace("Lamps give off warmth.", long).encode())

    assert numbers_of(document, "lost its breaks") == []
    assert section(document, "background")[0][2].startswith(long)
