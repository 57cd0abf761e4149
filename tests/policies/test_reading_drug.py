"""A bulletin on a product: deep criteria, scopes, doubtful headings, cells of every kind."""

from pathlib import Path

import pytest

from policies.reading import read
from tests.policies.bulletin_writers import as_html
from tests.policies.test_reading_conservation import lost_lines

PATH = Path(__file__).parent / "bulletins" / "drug.txt"


@pytest.fixture(scope="module")
def drug():
    return read(PATH.read_bytes())


def walk(some):
    for one in some:
        yield one
        yield from walk(one.children)


def group(document, system, stance):
    (found,) = (
        one for one in document.code_groups
        if (one.system, one.stance) == (system, stance) and one.scope == "Warmase"
    )  # fmt: skip
    return found


def spans(row):
    return [one.low if one.low == one.high else f"{one.low} - {one.high}" for one in row.codes]


def test_parts_before_and_after_the_policy_stand_by_themselves(drug):
    assert [(one.anchor, one.kind) for one in drug.sections] == [
        ("contents", "other"), ("brand-selection", "brand_selection"), ("policy", "other"),
        ("dosage", "dosage"), ("experimental", "experimental"), ("codes", "codes"),
        ("background", "background"), ("appendix", "appendix"), ("references", "references"),
    ]  # fmt: skip


def test_the_policy_has_numbered_sections_and_free_headings(drug):
    assert [(one.label, one.heading, one.kind) for one in drug.sections[2].children] == [
        ("", "Scope of Policy", "scope"), ("I", "Prescriber Specialties", "criteria"),
        ("II", "Criteria for Initial Approval", "criteria"),
        ("III", "Continuation of Therapy", "criteria"), ("", "Cold hands", "other"),
        ("", "Cold feet", "other"),
    ]  # fmt: skip


def test_policy_text_is_everything_before_the_codes(drug):
    anchors = {one.anchor for one in walk(drug.criteria)}

    assert {"brand-selection-I", "dosage-bullet1", "experimental-II", "criteria-list2-I"} <= anchors


def test_statements_nest_six_levels_with_their_labels_and_rules(drug):
    found = {one.anchor: (one.label, one.rule, one.at_least) for one in walk(drug.criteria)}

    assert found["criteria-II-A"] == ("A", "any", None)  # "any of the follow criteria"
    assert found["criteria-II-A-2"] == ("2", "all", None)
    assert found["criteria-II-A-2-a"] == ("a", "any", None)
    assert found["criteria-II-A-2-a-ii"] == ("ii", "at_least", 2)
    assert found["criteria-II-A-2-a-ii-1"] == ("1", "any", None)
    assert found["criteria-II-A-2-a-ii-1-bullet2"] == ("•", "list", None)
    assert found["criteria-II-A-2-c"] == ("c", "none", None)


def test_a_connector_on_the_last_child_joins_its_parent(drug):
    found = {one.anchor: one for one in walk(drug.criteria)}

    assert found["criteria-II-A-2-a-ii-3"].text == "Ice; and"
    assert (found["criteria-II-A-2-a-ii"].rule, found["criteria-II-A-2"].rule) == (
        "at_least", "all",
    )  # fmt: skip
    assert found["criteria-III-A"].rule == "any"  # "Any of the following; and"


def test_text_after_a_nested_list_belongs_to_its_own_depth(drug):
    found = {one.anchor: one.text for one in walk(drug.criteria)}

    assert found["criteria-II-A-2-c"].endswith("\nThis is checked each year.")
    assert found["criteria-II-A"].endswith("\nNote: Section I.A. of this policy speaks of "
                                           "prescribers.")  # fmt: skip


def test_words_that_only_look_like_rules_make_none(drug):
    found = {one.anchor: one.rule for one in walk(drug.criteria)}

    assert found["criteria-II-B"] == "list"
    assert found["continuation-of-therapy-1"] == "all"  # "both", and not "all members"


def test_every_group_has_the_scope_above_it(drug):
    assert [(one.system, one.stance, one.scope) for one in drug.code_groups] == [
        ("CPT", "covered_if_criteria_met", "Warmase"),
        ("CPT", "not_covered", "Warmase"),
        ("CPT", "related", "Warmase"),
        ("HCPCS", "covered_if_criteria_met", "Warmase"),
        ("ICD-10-CM", "covered_if_criteria_met", "Warmase"),
        ("ICD-10-CM", "not_covered", "Warmase"),
        ("HCPCS", "not_covered", "Chillase (chill-abcd)"),
    ]  # fmt: skip


def test_services_without_a_code_are_rows(drug):
    services = [row.description for one in drug.code_groups for row in one.rows
                if row.service_without_code]  # fmt: skip

    assert services == ["Warmth measured by hand", "Warmase-abcd"]


def test_a_continued_description_is_joined_up_to_the_semicolon(drug):
    last = group(drug, "CPT", "covered_if_criteria_met").rows[-1]

    assert last.codes[0].add_on
    assert last.description == "each additional hour (List separately)"
    assert last.full_description == "Warming, by needle; each additional hour (List separately)"


def test_three_notes_of_one_row_are_kept_apart(drug):
    (row,) = group(drug, "CPT", "not_covered").rows

    assert row.brackets == ("not covered for monitoring", "except once", "age 18 and older")


def test_lists_of_codes_and_ranges(drug):
    assert [spans(row) for row in group(drug, "CPT", "related").rows] == [
        ["96401 - 96446"], ["80230", "83520 - 83521", "84999"],
    ]  # fmt: skip
    assert [spans(row) for row in group(drug, "HCPCS", "covered_if_criteria_met").rows[1:]] == [
        ["J1745"], ["Q5103 - Q5104", "Q5121"],
    ]  # fmt: skip
    first, second, *_ = group(drug, "ICD-10-CM", "covered_if_criteria_met").rows
    assert spans(first) == ["K50.00 - K50.919", "L40.50", "L40.51 - L40.59", "M05.00 - M06.9"]
    assert first.description == "Cold joints of many kinds"
    assert spans(second) == ["D89.810", "D89.812 - D89.813"]


def test_what_is_doubtful_is_read_and_reported(drug):
    assert [(one.line, one.reason) for one in drug.not_understood] == [
        (116, "contradictory wording: not covered although criteria are met"),
        (144, "no comma before T45.AX5A"),
    ]
    assert spans(group(drug, "ICD-10-CM", "not_covered").rows[0]) == [
        "R19.7", "T45.AX5A - T45.AX5S",
    ]  # fmt: skip


def test_doses_years_and_codes_in_the_prose_are_no_codes(drug):
    codes = {one.low for each in drug.code_groups for row in each.rows for one in row.codes}

    assert not codes & {"97545", "2019", "100", "S128"}


def test_nothing_of_it_is_lost():
    assert lost_lines(PATH.read_bytes()) == []


def test_as_html_it_is_read_the_same(drug):
    again = read(as_html(drug).encode())

    assert again.code_groups == drug.code_groups
    assert again.criteria == drug.criteria
    assert [one.anchor for one in again.sections] == [one.anchor for one in drug.sections]
