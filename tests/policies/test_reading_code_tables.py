"""Code tables: headings by their words, cells, descriptions, notes and doubts."""

import pytest

from policies.reading.code_headings import stance_of, system_of
from policies.reading.code_tables import read
from policies.reading.descriptions import brackets_of
from policies.reading.lines import split

COVERED = "CPT codes covered if selection criteria are met:\n\n"
ICD = "ICD-10 codes covered if selection criteria are met:\n\n"


def table(text):
    return read(split(text))


def spans(row):
    return [one.low if one.low == one.high else f"{one.low} - {one.high}" for one in row.codes]


def only_row(text):
    reading = table(text)
    (group,) = reading.groups
    (row,) = group.rows
    return row


@pytest.mark.parametrize(
    ("heading", "system", "stance", "open_list"),
    [
        ("CPT codes covered if selection criteria are met", "CPT",
         "covered_if_criteria_met", False),
        ("HCPCS codes covered when selection criteria are met [for a lamp]", "HCPCS",
         "covered_if_criteria_met", False),
        ("CDT codes covered for indications listed in the CPB", "CDT", "covered", False),
        ("ICD-10 codes not covered for indications listed in the CPB", "ICD-10-CM", "not_covered",
         False),
        ("ICD-10 codes not covered for indications listed in the CPB (not all-inclusive)",
         "ICD-10-CM", "not_covered", True),
        ("ICD-10-PCS codes covered for indications listed in the CPB", "ICD-10-PCS", "covered",
         False),
        ("Other CPT codes related to the CPB", "CPT", "related", False),
        ("Other HCPCS codes related to the CPB (examples of lamps)", "HCPCS", "related", True),
        ("ICD-10 codes contraindicated for this CPB", "ICD-10-CM", "not_covered", False),
        ("CPT codes considered experimental and investigational", "CPT", "experimental", False),
        ("CPT codes not covered if selection criteria are met", "CPT", "not_covered", False),
        ("Revenue codes covered for the stay", "revenue", "covered", False),
        ("Modifier codes for lamps", "other", "unknown", False),
        ("CPT and HCPCS codes related to the CPB", "other", "related", False),
        ("CPT codes covered if selection criteria are met [not covered for cats]", "CPT",
         "covered_if_criteria_met", False),
        ("CPT codes covered if selection criteria are met (except: not covered at home)", "CPT",
         "covered_if_criteria_met", False),
        ("Other HCPCS codes related to the CPB [not covered alone]", "HCPCS", "related", False),
        ("Other CPT codes (not covered)", "CPT", "not_covered", False),
        ("CPT codes that are not considered covered", "CPT", "not_covered", False),
        ("CPT codes not considered medically necessary", "CPT", "not_covered", False),
        ("CPT codes not covered if selection criteria are not met", "CPT", "not_covered", False),
        ("ICD -10 codes covered if selection criteria are met", "ICD-10-CM",
         "covered_if_criteria_met", False),
        ("ICD\u201110 codes covered for indications listed in the CPB (not-all-inclusive)",
         "ICD-10-CM", "covered", True),
        ("HCPC codes covered for indications listed in the CPB", "HCPCS", "covered", False),
        ("CPT codes related to the CPB (including, but not limited to, lamps)", "CPT", "related",
         True),
        ("Other Place of Service codes related to the CPB", "other", "related", False),
    ],
)  # fmt: skip
def test_a_heading_says_system_stance_and_openness(heading, system, stance, open_list):
    (group,) = table(f"{heading} :\n\n99901 Lamp").groups

    assert (group.heading, group.system) == (heading, system)
    assert (group.stance, group.open_list) == (stance, open_list)


def test_free_text_names_no_system():
    assert system_of("Lamps for the knee") is None
    assert stance_of("Lamps for the knee") == "unknown"


def test_not_covered_although_criteria_are_met_is_reported_as_contradictory():
    reading = table("CPT codes not covered if selection criteria are met:\n\n99901 Lamp")

    assert reading.groups[0].stance == "not_covered"
    assert [(one.line, "contradictory" in one.reason) for one in reading.not_understood] == [
        (1, True)
    ]


@pytest.mark.parametrize(
    ("heading", "reports"),
    [
        ("CPT codes not covered if selection criteria are not met", 0),
        ("CPT codes covered if selection criteria are not met", 1),
        ("CPT codes covered if selection criteria are met [not covered for cats]", 0),
    ],
)
def test_only_a_stance_against_the_criteria_is_contradictory(heading, reports):
    assert len(table(f"{heading}:\n\n99901 Lamp").not_understood) == reports


@pytest.mark.parametrize(
    ("row", "system"),
    [("99901 Lamp", "CPT"), ("E9901 Lamp", "HCPCS"), ("M25.50 Ache", "ICD-10-CM")],
)
def test_codes_without_their_systems_name_are_told_by_their_shape(row, system):
    reading = table(f"{COVERED}99900 Cup\n\nCodes not covered for indications listed:\n\n{row}")

    assert [(one.system, one.stance, one.scope) for one in reading.groups] == [
        ("CPT", "covered_if_criteria_met", None), (system, "not_covered", None),
    ]  # fmt: skip


def test_a_heading_without_a_stance_is_unknown_and_reported():
    reading = table("CPT codes for lamps:\n\n99901 Lamp")

    assert reading.groups[0].stance == "unknown"
    assert [one.line for one in reading.not_understood] == [1]


def test_a_scope_holds_for_the_groups_below_until_the_next_scope():
    reading = table(
        "CPT codes covered if selection criteria are met:\n\n99901 Lamp\n\n"
        "Warm lamps:\n\n"
        "CPT codes covered if selection criteria are met:\n\n99902 Lamp\n\n"
        "ICD-10 codes covered if selection criteria are met:\n\nD66 Ache\n\n"
        "Cold lamps :\n\n"
        "CPT codes not covered for indications listed in the CPB:\n\n99903 Lamp"
    )

    scopes = [(one.system, one.scope) for one in reading.groups]
    assert scopes == [
        ("CPT", None), ("CPT", "Warm lamps"), ("ICD-10-CM", "Warm lamps"), ("CPT", "Cold lamps"),
    ]  # fmt: skip
    assert reading.not_understood == []


def test_a_subject_may_name_a_system_in_brackets():
    reading = table(f"Lamps (any HCPCS code):\n\n{COVERED}99901 Lamp")

    assert [one.scope for one in reading.groups] == ["Lamps (any HCPCS code)"]


def test_rows_straight_below_a_scope_keep_the_heading_above_and_are_reported():
    reading = table(COVERED + "99901 Lamp\n\nCold lamps:\n\n99902 Lamp")

    assert [one.scope for one in reading.groups] == [None, "Cold lamps"]
    assert reading.groups[1].stance == "covered_if_criteria_met"
    assert [one.line for one in reading.not_understood] == [7]


def test_rows_without_any_heading_have_an_unknown_stance():
    reading = table("E9901 Lamp")

    assert reading.groups[0].stance == "unknown"
    assert len(reading.not_understood) == 1


@pytest.mark.parametrize(
    "legend",
    [
        "Information in the [brackets] below has been added by the plan:",
        'Codes requiring a 7th character are represented by "+":',
        "Note: a lamp may have several codes.",
        "Codes that need a seventh character are shown with a plus sign:",
        "* denotes a lamp of the plan",
    ],
)
def test_an_explanatory_line_is_a_legend_though_it_ends_in_a_colon(legend):
    reading = table(f"{legend}\n\n{COVERED}99901 Lamp")

    assert reading.legends == [legend]
    assert reading.groups[0].scope is None


@pytest.mark.parametrize(
    ("line", "service"),
    [
        ("Lamp repair - no specific code", "Lamp repair"),
        ("Lamp repair -hyphen no specific code", "Lamp repair"),
        ("Lamp repair – no specific code:", "Lamp repair"),
        ("Lamp, by hand (e.g., B12 lamp): no specific code", "Lamp, by hand (e.g., B12 lamp)"),
        ("There is no specific CPT code for lamp repair", "lamp repair"),
        ("There is no specific code for LampScan panel:", "LampScan panel"),
        ("Lamp repair, no specific code", "Lamp repair"),
        ("Lamp repair (no specific code)", "Lamp repair"),
        ("Lamp repair (no CPT code):", "Lamp repair"),
        ("Lamp repair- No specific CPT/HCPCS code", "Lamp repair"),
        ("No specific code\tLamp repair", "Lamp repair"),
        ("No specific code Lamp repair", "Lamp repair"),
        ("Lamp repair - code not available", "Lamp repair"),
        ("Lamp repair - no specific code [not covered]", "Lamp repair [not covered]"),
        ("Lamp repair, " * 100 + "- no specific code", ("Lamp repair, " * 100).rstrip()),
    ],
)
def test_a_service_without_a_code_is_a_row(line, service):
    row = only_row(f"{COVERED}{line}")

    assert row.service_without_code
    assert row.codes == ()
    assert row.description == service


@pytest.mark.parametrize(
    "line",
    [
        "J3490 Other - no specific code",
        "J3490 Other (no specific code)",
        "J3490 Other [lamps - no specific code]",
        "M80.00X+ Lean bone [the 7th character must be shown as A]",
    ],
)
def test_a_line_with_a_code_is_a_row_whatever_its_words_say(line):
    row = only_row(f"HCPCS codes covered if selection criteria are met:\n\n{line}")

    assert spans(row) == [line.split()[0].rstrip("+")]
    assert not row.service_without_code


def test_services_may_follow_a_line_that_says_they_have_no_code():
    line = "There are no specific codes for the following:"
    reading = table(f"{COVERED}99901 Lamp\n\n{line}\n\nCup repair\n\nPot repair\n\n{ICD}D66 Ache")

    rows = [(row.description, row.service_without_code) for row in reading.groups[0].rows]
    assert rows == [("Lamp", False), ("Cup repair", True), ("Pot repair", True)]
    assert reading.legends == [line]
    assert reading.not_understood == []


@pytest.mark.parametrize("line", ["Numerous options: codes not listed", "Too many to list"])
def test_a_line_for_codes_too_many_to_list_is_no_subject_and_is_reported(line):
    reading = table(f"{ICD}{line}\n\n{COVERED}99901 Lamp")

    assert [(one.scope, len(one.rows)) for one in reading.groups] == [(None, 0), (None, 1)]
    assert [(one.line, one.text) for one in reading.not_understood] == [(3, line)]


@pytest.mark.parametrize(
    ("heading", "row", "expected"),
    [
        ("Modifier codes related to the CPB", "GP Lamp plan", ["GP"]),
        ("HCPCS modifiers covered", "59, XE Lamp", ["59", "XE"]),
        ("Place of Service codes related to the CPB", "11 Lamp room", ["11"]),
        ("Revenue codes covered", "0120, 0900 - 0919 Room", ["0120", "0900 - 0919"]),
        ("Revenue codes covered", "012x Room", ["012X"]),
        ("CDT codes covered", "D0120 Look", ["D0120"]),
        ("ICD-10-PCS codes covered", "0SG00A0 - 0SG00ZJ, XW033E5 Join",
         ["0SG00A0 - 0SG00ZJ", "XW033E5"]),
        ("DRG codes covered", "470 Knee", ["470"]),
        ("CPT/HCPCS codes covered", "99901, E9901 Lamp", ["99901", "E9901"]),
    ],
)  # fmt: skip
def test_each_system_has_codes_of_its_shape(heading, row, expected):
    assert spans(only_row(f"{heading}:\n\n{row}")) == expected


def test_measures_are_no_codes_under_a_heading_with_two_systems():
    reading = table("CPT/HCPCS codes covered:\n\n99901 Lamp of\n10 mg\n99902 Cup")

    assert [row.description for row in reading.groups[0].rows] == ["Lamp of 10 mg", "Cup"]


@pytest.mark.parametrize(
    ("cell", "expected", "doubt"),
    [
        ("99901-25", ["99901"], "the modifier 25 follows 99901"),
        ("99901-GP", ["99901"], "the modifier GP follows 99901"),
        ("E119", ["E119"], "E119 lacks its dot"),
        ("D80. 9", ["D80.9"], "D80. 9 lacks its dot or holds a blank"),
    ],
)
def test_a_spoilt_code_is_read_and_reported(cell, expected, doubt):
    reading = table(f"{ICD if cell[0].isalpha() else COVERED}{cell} Ache")

    assert spans(reading.groups[0].rows[0]) == expected
    assert [one.reason.startswith(doubt) for one in reading.not_understood] == [True]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("97537", ["97537"]),
        ("0791T", ["0791T"]),
        ("0350U", ["0350U"]),
        ("S9117", ["S9117"]),
        ("96401 - 96446", ["96401 - 96446"]),
        ("97032-97035", ["97032 - 97035"]),
        ("97032 to 97035", ["97032 - 97035"]),
        ("97110, 97112, and 97113", ["97110", "97112", "97113"]),
    ],
)
def test_a_cell_of_procedure_codes(cell, expected):
    assert spans(only_row(f"{COVERED}{cell} Lamp")) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Z51.89", ["Z51.89"]),
        ("D66", ["D66"]),
        ("N04.20 – N04.29", ["N04.20 - N04.29"]),
        ("Z87.81 - Z87.828", ["Z87.81 - Z87.828"]),
        ("C83.30 - C83.3A", ["C83.30 - C83.3A"]),
        ("C00.0 - D09.9", ["C00.0 - D09.9"]),
        ("D89.810, D89.812 - D89.813", ["D89.810", "D89.812 - D89.813"]),
        ("M01.x9", ["M01.X9"]),
        ("C7A.010", ["C7A.010"]),
        ("D47.Z1", ["D47.Z1"]),
        ("G35.D", ["G35.D"]),
        ("C61\u00a0", ["C61"]),
        ("C00.0 -C96.9", ["C00.0 - C96.9"]),
        ("C81.00 -- C96.9", ["C81.00 - C96.9"]),
        ("E10.10 - E10.9,E11.00", ["E10.10 - E10.9", "E11.00"]),
        ("S14.0XX+-S14.159+", ["S14.0XX - S14.159"]),
        ("I10-I16.9", ["I10 - I16.9"]),
        ("S06.0x0A", ["S06.0X0A"]),
        ("K50.00, K51.00.", ["K50.00", "K51.00"]),
    ],
)
def test_a_cell_of_diagnosis_codes(cell, expected):
    assert spans(only_row(f"{ICD}{cell} Ache")) == expected


def test_eleven_codes_may_share_a_description():
    codes = [f"M79.1{digit}" for digit in range(9)] + ["M54.2", "D66"]

    row = only_row(f"{ICD}{', '.join(codes)} Ache")

    assert spans(row) == codes
    assert row.description == "Ache"


def test_a_plus_before_a_code_means_add_on_and_after_it_a_7th_character():
    before = only_row(f"{COVERED}+ 97546 Lamp").codes[0]
    after = only_row(f"{ICD}S00.00X+ - T88.9XX+ Injury").codes[0]

    assert (before.add_on, before.seventh_character) == (True, False)
    assert (after.add_on, after.seventh_character) == (False, True)
    assert (after.low, after.high) == ("S00.00X", "T88.9XX")


def test_lines_of_codes_belong_to_the_next_line_that_has_words():
    reading = table(f"{ICD}D66 First\nZ85.00 - Z85.9\nZ86.19, Z86.59,\nZ87.1\nThird ache\nD67 Last")

    first, second, third = reading.groups[0].rows
    assert spans(first) == ["D66"]
    assert spans(second) == ["Z85.00 - Z85.9", "Z86.19", "Z86.59", "Z87.1"]
    assert (second.description, third.description) == ("Third ache", "Last")
    assert reading.not_understood == []


def test_a_range_may_break_over_two_lines():
    row = only_row(f"{ICD}Z85.00 -\nZ85.9 History")

    assert spans(row) == ["Z85.00 - Z85.9"]


def test_codes_at_the_end_without_words_are_kept_and_reported():
    reading = table(f"{ICD}D66 Ache\nZ85.00 - Z85.9")

    assert [spans(row) for row in reading.groups[0].rows] == [["D66"], ["Z85.00 - Z85.9"]]
    assert [one.line for one in reading.not_understood] == [4]


def test_a_missing_comma_is_reported_and_the_codes_are_kept():
    reading = table(f"{ICD}R19.7 T45.AX5A - T45.AX5S Loose stool")

    assert spans(reading.groups[0].rows[0]) == ["R19.7", "T45.AX5A - T45.AX5S"]
    assert [one.line for one in reading.not_understood] == [3]


def test_a_range_upside_down_is_kept_and_reported():
    reading = table(f"{ICD}Z85.9 - Z84.0 History")

    assert spans(reading.groups[0].rows[0]) == ["Z85.9 - Z84.0"]
    assert "ends before it begins" in reading.not_understood[0].reason


def test_a_row_that_ends_in_a_colon_is_still_a_row():
    assert spans(only_row(f"{COVERED}99901 Lamp:")) == ["99901"]


def test_a_subject_that_begins_like_a_category_is_a_scope():
    reading = table(f"{ICD}E53.8 Lack\n\nB12 deficiency:\n\n{ICD}E53.8 Lack")

    assert [one.scope for one in reading.groups] == [None, "B12 deficiency"]


def test_a_tab_is_a_border_between_cells():
    assert only_row(f"{COVERED}97537\tLamp").description == "Lamp"


def test_codes_in_a_description_are_not_rows():
    row = only_row(f"{COVERED}99901 Lamp (use with 99902, 99903 - 99905)")

    assert spans(row) == ["99901"]
    assert row.description == "Lamp (use with 99902, 99903 - 99905)"


def test_words_that_look_like_a_category_are_not_codes_of_a_procedure_group():
    assert spans(only_row(f"{COVERED}82607 B12 level")) == ["82607"]
    assert spans(only_row(f"{ICD}E53.8 B12 deficiency")) == ["E53.8"]


def test_an_indented_description_continues_the_nearest_unindented_one():
    blanks = "\u00a0 \u00a0 \u00a0 "
    reading = table(
        f"{COVERED}99901 Lamp fitting [at home; or not]; first hour\n"
        f"+ 99902 {blanks}each further hour\n99903{blanks}at night [rare]\n99904\u00a0Cup"
    )

    rows = reading.groups[0].rows
    assert [row.full_description for row in rows[1:]] == [
        "Lamp fitting; each further hour", "Lamp fitting; at night [rare]", "Cup",
    ]  # fmt: skip
    assert rows[1].description == "each further hour"


def test_the_indent_of_a_continued_description_may_follow_a_tab():
    reading = table(f"{COVERED}99901\tLamp; first hour\n99902\t\u00a0 \u00a0 further hour")

    assert reading.groups[0].rows[1].full_description == "Lamp; further hour"


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("Lamp", ()),
        ("Lamp [not for cats]", ("not for cats",)),
        ("Lamp [one] big [two] [three]", ("one", "two", "three")),
        ("Lamp [not for cats [or dogs]]", ("not for cats [or dogs]",)),
    ],
)
def test_notes_in_brackets_are_kept_apart_and_in_the_description(text, notes):
    row = only_row(f"{COVERED}99901 {text}")

    assert row.brackets == notes
    assert row.description == text


def test_an_open_bracket_is_kept_and_reported():
    assert brackets_of("Lamp [not for cats") == (("not for cats",), False)
    assert len(table(f"{COVERED}99901 Lamp [not for cats").not_understood) == 1


def test_a_description_may_go_on_in_the_next_line():
    row = only_row(f"{COVERED}99901 Lamp for people\nwho are cold [adults,\n[or nearly] only]")

    assert row.description == "Lamp for people who are cold [adults, [or nearly] only]"


def test_codes_broken_off_a_description_are_no_rows():
    reading = table(
        f"{COVERED}99901 Lamp (use with\n99905, 99906)\n99902 Cup [see 99907\nor 99908]\n"
        "99903 Pot, used with\n99909 pans\n99904 Pan"
    )

    rows = reading.groups[0].rows
    assert [row.description for row in rows] == [
        "Lamp (use with 99905, 99906)", "Cup [see 99907 or 99908]", "Pot, used with 99909 pans",
        "Pan",
    ]  # fmt: skip
    assert rows[1].brackets == ("see 99907 or 99908",)
    assert reading.not_understood == []


def test_a_bracket_that_never_closes_swallows_no_rows():
    reading = table(f"{COVERED}99901 Lamp (small\n99902 Cup (big)\n99903 Pot")

    assert [row.description for row in reading.groups[0].rows] == [
        "Lamp (small",
        "Cup (big)",
        "Pot",
    ]


def test_a_line_straight_below_a_row_goes_on_with_it_and_is_reported_where_in_doubt():
    reading = table(f"{COVERED}99901 Lamp of\nCopper\n99902 Cup\nAdults only\n99903 Pot")

    assert [row.description for row in reading.groups[0].rows] == [
        "Lamp of Copper", "Cup Adults only", "Pot",
    ]  # fmt: skip
    assert [(one.line, one.text) for one in reading.not_understood] == [(6, "Adults only")]


WRAPPED = (
    "Information in the [brackets] below was added. Codes requiring a 7th\n"
    'character are represented by "+":\n'
    "CPT codes covered if selection criteria are met:\n"
    "99901          Lamp fitting (eg, knees,\n"
    "               hips) at home\n"
    "               Adults only\n"
    "99902          Lamp repair; first hour\n"
    "+ 99903            each further hour\n"
    "99904          Cup\n\n"
    "ICD-10 codes not\n"
    "covered for indications listed in the CPB (not all-\n"
    "inclusive):\n"
    "S00.00X+ - T88.9XX+   Injuries\n"
    "Z51.89         Ache\n"
)


def test_wrapped_headings_and_legends_are_whole_again():
    reading = table(WRAPPED)

    assert [(one.heading, one.stance, one.open_list, one.scope) for one in reading.groups] == [
        ("CPT codes covered if selection criteria are met", "covered_if_criteria_met", False, None),
        ("ICD-10 codes not covered for indications listed in the CPB (not all-inclusive)",
         "not_covered", True, None),
    ]  # fmt: skip
    (legend,) = reading.legends
    assert legend.endswith('Codes requiring a 7th character are represented by "+":')


def test_each_line_of_a_wrapped_heading_is_reported():
    reading = table("CPT codes for lamps of\nall kinds:\n99901 Lamp")

    assert [(one.line, one.text) for one in reading.not_understood] == [
        (1, "CPT codes for lamps of"), (2, "all kinds:"),
    ]  # fmt: skip


def test_in_a_table_of_columns_only_a_deeper_indent_continues_a_description():
    reading = table(WRAPPED)

    assert [row.full_description for one in reading.groups for row in one.rows] == [
        "Lamp fitting (eg, knees, hips) at home Adults only", "Lamp repair; first hour",
        "Lamp repair; each further hour", "Cup", "Injuries", "Ache",
    ]  # fmt: skip
    assert reading.not_understood == []


def test_a_heading_without_a_colon_takes_no_subject_into_itself():
    reading = table("CPT codes related to the CPB\nWarm lamps:\n99901 Lamp")

    assert [(one.heading, one.scope) for one in reading.groups] == [
        ("CPT codes related to the CPB", "Warm lamps")
    ]


def test_a_code_of_another_system_than_the_headings_is_kept_and_reported():
    reading = table(f"{COVERED}M54.50 Ache\nE9901 Lamp\n\n{ICD}99901 Lamp\nM54.50 Ache")

    assert [[spans(row) for row in one.rows] for one in reading.groups] == [
        [["M54.50"], ["E9901"]], [["99901"], ["M54.50"]],
    ]  # fmt: skip
    assert [(one.line, one.reason) for one in reading.not_understood] == [
        (3, "M54.50 is not of the heading's system, CPT"),
        (8, "99901 is not of the heading's system, ICD-10-CM"),
    ]


def test_a_mark_after_a_code_is_a_note():
    row = only_row(f"{COVERED}99901† Lamp")

    assert (spans(row), row.brackets) == (["99901"], ("†",))


def test_a_line_that_is_nothing_known_is_reported():
    reading = table(f"{COVERED}99901 Lamp.\n\nSomething else altogether.\n\n99902 Cup")

    assert len(reading.groups[0].rows) == 2
    assert [(one.line, one.text) for one in reading.not_understood] == [
        (5, "Something else altogether.")
    ]


def test_a_code_may_stand_in_several_groups():
    reading = table(f"{COVERED}99901 Lamp\n\nOther CPT codes related to the CPB:\n\n99901 Lamp")

    assert [spans(one.rows[0]) for one in reading.groups] == [["99901"], ["99901"]]
