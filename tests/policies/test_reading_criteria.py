"""Policy statements: nesting, labels, and the logic between them."""

import pytest

from policies.reading import read
from policies.reading.criteria import connector, quantifier

HEAD = "Lamps\n\nNumber: 0907\n\nPolicy\n\nScope of Policy\n\nThis is about lamps.\n\n"
TAIL = "\n\nBackground\n\nLamps are warm.\n"
NECESSARY = "  1. Medical Necessity\n\n"


def document(text):
    return read((HEAD + text + TAIL).encode())


def walk(criteria):
    for one in criteria:
        yield one
        yield from walk(one.children)


def by_anchor(text):
    return {one.anchor: one for one in walk(document(text).criteria)}


@pytest.mark.parametrize(
    ("words", "rule", "number"),
    [
        ("A lamp is necessary when all of the following criteria are met:", "all", None),
        ("when each of the following is met:", "all", None),
        ("both of the following", "all", None),
        ("any of the following:", "any", None),
        ("any of the follow criteria are met:", "any", None),
        ("either of the following applies:", "any", None),
        ("one of the following:", "any", None),
        ("at least one of the following:", "any", None),
        ("one or more of the following:", "any", None),
        ("at least two of the following:", "at_least", 2),
        ("at least 3 of these:", "at_least", 3),
        ("two or more of the following criteria:", "at_least", 2),
        ("any two of the following:", "at_least", 2),
        ("at least two (2) of the following:", "at_least", 2),
        ("none of the following:", "none", None),
        ("The member does not have any of the following:", "none", None),
        ("in the absence of any of the following:", "none", None),
        ("No contraindication to any of the following:", "none", None),
        ("There is no history or sign of any of the following:", "none", None),
        ("It is no longer necessary when any of the following applies:", "any", None),
        ("not medically necessary for any of the following:", "any", None),
        ("without any of the following:", "none", None),
        ("Meets both:", "all", None),
        ("Either:", "any", None),
        ("all selection criteria are met:", "all", None),
        ("The following are excluded:", "list", None),
        ("when the following criteria are met:", "list", None),
        ("given every 4 weeks:", "list", None),
        ("for any prior treatment:", "list", None),
        ("all patients following an operation:", "list", None),
        ("Not all of the following, but any of the following:", "any", None),
        ("any of the follwing:", "any", None),
        ("either criterion 1 or 2 is met:", "any", None),
        ("members who meet both (a) and (b):", "all", None),
        ("either a lamp or b:", "list", None),
        ("all of the folowing criteria:", "all", None),
        ("all four (4) of the following criteria are met:", "all", None),
        ("one (1) or more of the following:", "any", None),
        ("any one or more of the following:", "any", None),
        ("one or both of the following:", "any", None),
        ("any combination of the following:", "any", None),
        ("more than one of the following:", "at_least", 2),
        ("≥ 2 of the following:", "at_least", 2),
        ("2 of the following 3 criteria:", "at_least", 2),
        ("at least two symptoms of the following:", "at_least", 2),
        ("2 or more risk factors from the following:", "at_least", 2),
        ("the following criteria must all be met:", "all", None),
        ("all of the criteria listed below:", "all", None),
        ("each of the below criteria:", "all", None),
        ("both 1 and 2 below:", "all", None),
        ("does not have either of the following:", "none", None),
        ("at least one criterion from each of the following:", "all", None),
        ("at least 6 weeks of the following treatments:", "list", None),
        ("at least 3 months plus the following:", "list", None),
        ("for any person with the following:", "list", None),
        ("for all adults who have the following:", "list", None),
        ("after all follow-up visits:", "list", None),
        ("in any child below:", "list", None),
        ("It is necessary for any of the following. The record shows:", "list", None),
        ("for any of the following ills (e.g. Cold): all of the following:", "all", None),
        ("", "list", None),
    ],
)
def test_introducing_words_say_the_rule(words, rule, number):
    found = quantifier(words)

    assert (found.name, found.at_least) == (rule, number)


@pytest.mark.parametrize(
    "words",
    ["no more than one of the following:", "up to two of the following:", "exactly 1 of these:",
     "fewer than two of the following:", "two or fewer of the following:",
     "not all of the following are met:", "absence of all of the following:"],
)  # fmt: skip
def test_words_that_no_rule_expresses_decide_nothing_and_are_reported(words):
    read_ = document(NECESSARY + f"    1. {words}\n\n      1. Cold; and\n      2. Wet\n")

    assert read_.criteria[0].rule == "list"
    assert ["which is none of the rules" in one.reason for one in read_.not_understood] == [True]


@pytest.mark.parametrize(
    ("end", "found"),
    [("warm; or", "or"), ("warm, and", "and"), ("warm; AND", "and"), ("warm; and/or", "and/or"),
     ("warm or cold;", ""), ("a door", ""), ("warm;", ""), ("warm -OR-", "or")],
)  # fmt: skip
def test_a_connector_stands_at_the_end(end, found):
    assert connector(end) == found


def test_labels_follow_the_depth_of_the_print():
    found = by_anchor(
        NECESSARY + "    1. Adults\n\n      1. One:\n\n        1. Two:\n\n          1. Three:\n"
        "            1. Four\n            2. Five\n"
    )

    assert [(anchor, one.label) for anchor, one in found.items()] == [
        ("criteria-I-A", "A"), ("criteria-I-A-1", "1"), ("criteria-I-A-1-a", "a"),
        ("criteria-I-A-1-a-i", "i"), ("criteria-I-A-1-a-i-1", "1"), ("criteria-I-A-1-a-i-2", "2"),
    ]  # fmt: skip


def test_a_connector_before_a_colon_introduces_the_list_below_it():
    found = by_anchor(
        f"{NECESSARY}    Any of the following:\n\n      1. An ache, and:\n\n"
        "          1. It is old\n          2. It is cold\n\n      2. A cramp"
    )

    assert connector("An ache, and:") == ""
    assert found["medical-necessity-1"].rule == "any"


def test_connectors_decide_where_no_quantifier_stands():
    found = by_anchor(
        NECESSARY + "    1. Adults:\n\n      1. Cold; or\n      2. Wet; or\n      3. Old"
    )

    assert found["criteria-I-A"].rule == "any"


def test_a_list_with_neither_is_an_enumeration():
    found = by_anchor(NECESSARY + "    1. Adults:\n\n      1. Cold;\n      2. Wet\n")

    assert found["criteria-I-A"].rule == "list"


def test_the_connector_on_the_last_child_joins_its_parent_to_the_next():
    found = by_anchor(
        NECESSARY + "    1. Adults:\n\n      1. Any of the following:\n"
        "        1. Cold; or\n        2. Wet; and\n      2. Old; and\n      3. Slow\n"
    )

    assert found["criteria-I-A-1"].rule == "any"
    assert found["criteria-I-A"].rule == "all"


def test_a_contradiction_is_reported_and_decides_nothing():
    read_ = document(
        NECESSARY + "    1. Any of the following:\n\n      1. Cold; and\n      2. Wet\n"
    )

    (criterion,) = read_.criteria
    assert criterion.rule == "list"
    assert criterion.text == "Any of the following:"
    assert criterion.children[0].text == "Cold; and"
    assert ["no rule is decided" in one.reason for one in read_.not_understood] == [True]


def test_mixed_connectors_are_reported():
    read_ = document(
        NECESSARY
        + "    1. All of the following:\n\n      1. Cold; and\n      2. Wet; or\n      3. Old\n"
    )

    assert read_.criteria[0].rule == "list"
    assert len(read_.not_understood) == 1


def test_text_after_a_nested_list_belongs_to_the_outer_item():
    found = by_anchor(
        NECESSARY
        + "    1. Adults\n\n      All of the following:\n\n      1. Cold\n      2. Wet\n\n"
        "      Note: One for each house.\n\n      Reviewed yearly.\n"
    )

    assert found["criteria-I-A"].text.split("\n") == [
        "Adults", "All of the following:", "Note: One for each house.", "Reviewed yearly.",
    ]  # fmt: skip
    assert (found["criteria-I-A"].rule, len(found["criteria-I-A"].children)) == ("all", 2)
    assert found["criteria-I-A-2"].text == "Wet"


def test_a_note_between_introduction_and_list_does_not_hide_the_rule():
    found = by_anchor(
        NECESSARY
        + "    1. All of the following:\n\n      Note: Adults.\n\n      1. Cold\n      2. Wet\n"
    )

    assert found["criteria-I-A"].rule == "all"


def test_a_note_with_a_quantifier_of_its_own_does_not_hide_the_rule():
    found = by_anchor(
        NECESSARY
        + "    1. All of the following:\n\n      Note: For any of the following adults.\n\n"
        "      1. Cold\n      2. Wet\n"
    )

    assert found["criteria-I-A"].rule == "all"


def test_numbers_and_bullets_mix_without_blank_lines():
    found = by_anchor(
        NECESSARY + "    1. Any of these:\n      * Cold\n        * Ice\n      * Wet\n"
    )

    assert list(found) == [
        "criteria-I-A", "criteria-I-A-bullet1", "criteria-I-A-bullet1-bullet1",
        "criteria-I-A-bullet2",
    ]  # fmt: skip


def test_a_lone_connector_between_items_joins_them():
    found = by_anchor(NECESSARY + "    1. Adults:\n\n      1. Cold\n\n      -OR-\n\n      2. Wet\n")

    assert found["criteria-I-A"].rule == "any"


def test_printed_letters_and_romans_nest_without_indents():
    read_ = document(
        "Medical Necessity\n\nI. Cold, with all of these:\nA. Ice:\n"
        "1. Blue\n2. Grey\nB. Snow\nII. Wet\n"
    )

    anchors = [one.anchor for one in walk(read_.criteria)]
    assert anchors == [
        "criteria-I", "criteria-I-A", "criteria-I-A-1", "criteria-I-A-2", "criteria-I-B",
        "criteria-II",
    ]  # fmt: skip
    assert read_.criteria[0].rule == "all"


def test_a_paragraph_that_begins_with_an_initial_is_no_item():
    read_ = document("E. coli is not warm.\n")

    assert read_.criteria == ()


def test_the_rule_of_a_list_below_a_heading_is_kept_with_its_introduction():
    read_ = document(
        "Medical Necessity\n\nAll of the following must be met:\n\n  1. Cold\n  2. Wet\n"
    )

    (criterion,) = read_.criteria
    assert (criterion.anchor, criterion.rule) == ("medical-necessity-1", "all")
    assert [one.anchor for one in criterion.children] == ["criteria-I", "criteria-II"]


def test_free_headings_restart_the_numbering_and_anchors_stay_unique():
    read_ = document("Knees\n\n  1. Cold\n  2. Wet\n\nHips\n\n  1. Cold\n\nCosmetic\n\n  1. Warm\n")

    anchors = [one.anchor for one in walk(read_.criteria)]
    assert anchors == ["criteria-I", "criteria-II", "criteria-list2-I", "cosmetic-I"]


def test_numbering_goes_on_after_text_that_interrupts_it():
    read_ = document(
        "Medical Necessity\n\nAny of the following:\n\n  1. Cold\n\nOr as follows.\n\n  2. Wet\n"
    )

    (criterion,) = read_.criteria
    assert [one.anchor for one in criterion.children] == ["criteria-I", "criteria-II"]


def test_two_lists_under_one_statement_keep_their_rules_and_are_reported():
    read_ = document(
        NECESSARY + "    1. All of the following:\n\n      1. Cold\n      2. Wet\n\n"
        "      Any of the following:\n\n      1. Old\n      2. Slow\n"
    )

    (criterion,) = read_.criteria
    assert criterion.rule == "list"
    assert [one.rule for one in criterion.children] == ["all", "any"]
    assert len(read_.not_understood) == 1


def test_every_criterion_is_a_block_of_its_section_with_the_same_anchor():
    read_ = document(
        NECESSARY + "    1. Adults:\n\n      1. Cold\n\n        Very cold.\n\n      2. Wet\n"
    )

    blocks = read_.sections[0].children[1].blocks
    assert [(one.kind, one.anchor, one.depth) for one in blocks] == [
        ("item", "criteria-I-A", 2), ("item", "criteria-I-A-1", 3),
        ("paragraph", "criteria-I-A-1-p2", 3), ("item", "criteria-I-A-2", 3),
    ]  # fmt: skip
    assert {one.anchor for one in walk(read_.criteria)} <= {one.anchor for one in blocks}
