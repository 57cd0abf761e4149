"""Which test shows which rule of the reader's specification: start here to find one.

Each rule, by section, names tests in the files `test_reading*.py` and `test_codes.py`; names in
small letters without `test_` are imitations of published bulletins (`bulletins/imitations/`).
"""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RULES = {
    # 1. What the reader returns
    "every line is in the result or reported with its number":
        "test_every_line_is_kept_or_reported test_nothing_of_an_imitation_is_lost"
        " test_a_reported_line_has_its_number_and_its_words",
    "dates are ISO dates or null and never invented":
        "test_review_dates_are_read_and_never_invented test_a_date_in_a_sentence_is_no_review_date"
        " globulin",
    "anchors are short, readable, unique":
        "test_anchors_of_blocks_are_unique"
        " test_two_sections_of_one_kind_have_anchors_with_a_letter",
    "the JSON has the specification's keys": "test_a_document_and_its_json_are_the_same",
    # 2. Forms of input
    "text: a heading is a bare line between blank lines":
        "test_a_bare_line_in_the_policy_is_a_heading_of_its_kind"
        " test_a_short_sentence_is_no_heading"
        " test_a_dose_is_no_heading test_words_that_introduce_a_list_are_no_heading"
        " test_the_columns_of_a_table_in_the_text_are_no_heading",
    "text: decimals at every depth, two blanks of indent a level":
        "test_labels_follow_the_depth_of_the_print infusion",
    "text: cells are parted by one blank or tabs":
        "test_a_tab_is_a_border_between_cells"
        " test_the_indent_of_a_continued_description_may_follow_a_tab",
    "text: lists of links come out empty":
        "test_links_survive_where_text_has_lost_them"
        " test_a_pure_exclusion_needs_no_medical_necessity",
    "whole page: navigation, notices and the block of dates":
        "test_a_whole_page_gives_the_bulletin_and_reports_the_page_around_it"
        " test_a_link_between_parts_is_reported globulin",
    "HTML: levels, lists, tables with rows over both columns, dates in meta":
        "test_headings_keep_their_levels test_six_levels_of_numbers_and_bullets"
        " test_review_dates_come_from_the_head image plain",
    "printed: page heads, cut tables, the box of dates spliced in, lost breaks":
        "test_headers_and_footers_are_reported_and_not_read"
        " test_a_table_cut_by_the_end_of_a_page_is_whole test_one_line_gives_what_is_certain"
        " test_a_box_of_dates_inside_a_paragraph_is_taken_out"
        " test_wrapped_headings_and_legends_are_whole_again needle"
        " test_rows_and_headings_of_a_wrapped_table_are_whole"
        " test_the_style_of_marks_tells_depth_where_indents_are_lost",
    "non-breaking spaces, spoken hyphens, both dashes, colons at heading ends":
        "test_a_caption_begins_the_table_of_codes test_a_cell_of_diagnosis_codes"
        " test_a_service_without_a_code_is_a_row infusion toxin",
    # 3. Sections
    "policy text is everything from the contents list to the codes":
        "test_policy_text_is_everything_before_the_codes"
        " test_parts_before_and_after_the_policy_stand_by_themselves"
        " test_a_part_before_the_policy_is_no_entry_of_the_contents_list",
    "an appendix may stand after the background and not in the contents list":
        "test_the_sections_of_a_whole_page_keep_order_kind_and_depth hormone",
    "section words stand in the contents list and as headings":
        "test_the_section_words_may_stand_in_the_contents_list_and_as_headings"
        " test_a_contents_list_may_have_lost_its_heading",
    "no section may be assumed": "test_a_pure_exclusion_needs_no_medical_necessity dental",
    "a stray last Policy History": "test_a_stray_last_line_policy_history_remains_a_section",
    "free headings restart the numbering":
        "test_free_headings_restart_the_numbering_and_anchors_stay_unique hormone",
    "numbered headings are told from items of a list":
        "test_the_policy_has_numbered_sections_and_free_headings"
        " test_items_of_an_announced_list_are_no_headings_whatever_they_name"
        " test_items_without_text_below_are_no_headings_for_a_word_in_them",
    # 4. Criteria
    "lists nest to six levels and mix":
        "test_statements_nest_six_levels_with_their_labels_and_rules"
        " test_numbers_and_bullets_mix_without_blank_lines test_bullets_have_many_signs infusion",
    "items hold paragraphs and notes; text after a nested list belongs to the outer item":
        "test_text_after_a_nested_list_belongs_to_the_outer_item"
        " test_text_after_a_nested_list_belongs_to_its_own_depth"
        " test_a_footnote_with_an_asterisk_is_no_item",
    "the introducing words give the rule":
        "test_introducing_words_say_the_rule"
        " test_words_that_no_rule_expresses_decide_nothing_and_are_reported"
        " test_words_about_indications_are_no_quantifier"
        " test_a_note_between_introduction_and_list_does_not_hide_the_rule",
    "connectors give it where no quantifier stands; with neither it is an enumeration":
        "test_connectors_decide_where_no_quantifier_stands"
        " test_a_list_with_neither_is_an_enumeration"
        " test_a_lone_connector_between_items_joins_them",
    "the connector on the last child joins its parent":
        "test_the_connector_on_the_last_child_joins_its_parent_to_the_next"
        " test_a_connector_on_the_last_child_joins_its_parent image spine",
    "a contradiction is reported and decides nothing":
        "test_a_contradiction_is_reported_and_decides_nothing test_mixed_connectors_are_reported"
        " therapy",
    # 5. Code tables
    "only lines of the code section are codes":
        "test_codes_outside_the_table_are_not_codes test_codes_in_the_policys_prose_begin_no_table"
        " test_doses_years_and_codes_in_the_prose_are_no_codes",
    "headings say system, stance and openness in words":
        "test_a_heading_says_system_stance_and_openness"
        " test_codes_without_their_systems_name_are_told_by_their_shape"
        " test_a_heading_without_a_stance_is_unknown_and_reported",
    "not covered if criteria are met is contradictory":
        "test_not_covered_although_criteria_are_met_is_reported_as_contradictory"
        " test_only_a_stance_against_the_criteria_is_contradictory",
    "free text with a colon is the scope until the next":
        "test_a_scope_holds_for_the_groups_below_until_the_next_scope"
        " test_a_subject_that_begins_like_a_category_is_a_scope toxin spine",
    "legends end in a colon too": "test_an_explanatory_line_is_a_legend_though_it_ends_in_a_colon",
    "a service without a code is a row":
        "test_a_service_without_a_code_is_a_row"
        " test_a_line_with_a_code_is_a_row_whatever_its_words_say gene",
    "single codes, ranges, lists, bounds of unlike length, letters, placeholders":
        "test_a_cell_of_procedure_codes test_a_cell_of_diagnosis_codes"
        " test_eleven_codes_may_share_a_description test_each_system_has_codes_of_its_shape",
    "a cell over several lines belongs to the next line with words":
        "test_lines_of_codes_belong_to_the_next_line_that_has_words"
        " test_a_range_may_break_over_two_lines test_a_cell_of_codes_over_several_lines_is_one_row",
    "malformed cells: what is certain is kept, the rest reported":
        "test_a_missing_comma_is_reported_and_the_codes_are_kept"
        " test_a_spoilt_code_is_read_and_reported test_a_range_upside_down_is_kept_and_reported"
        " test_a_code_of_another_system_than_the_headings_is_kept_and_reported",
    "both meanings of the plus":
        "test_a_plus_before_a_code_means_add_on_and_after_it_a_7th_character",
    "an indented description continues the nearest earlier one up to its semicolon":
        "test_an_indented_description_continues_the_nearest_unindented_one"
        " test_in_a_table_of_columns_only_a_deeper_indent_continues_a_description toxin",
    "brackets are kept apart, nested and inside descriptors too":
        "test_notes_in_brackets_are_kept_apart_and_in_the_description"
        " test_an_open_bracket_is_kept_and_reported"
        " test_three_notes_of_one_row_are_kept_apart gene",
    "codes inside descriptions are no rows":
        "test_codes_in_a_description_are_not_rows test_codes_broken_off_a_description_are_no_rows"
        " test_codes_that_a_description_refers_to_begin_no_rows therapy",
    "codes are not keys": "test_a_code_may_stand_in_several_groups",
    # 6. and 7.
    "the real document": "test_the_real_bulletin_has_its_code_table"
        " test_the_real_bulletin_has_its_policy_sections",
    "other publishers: nothing is invented": "other",
}  # fmt: skip
NAMES = {
    name
    for path in [*HERE.glob("test_reading*.py"), HERE / "test_codes.py"]
    for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
}
NAMES |= {path.stem for path in (HERE / "bulletins" / "imitations").glob("*.expected")}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_the_specification_has_its_tests(rule):
    assert set(RULES[rule].split()) - NAMES == set()
